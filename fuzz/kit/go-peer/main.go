// Command go-peer tells what Go's net/http reads of octets, so that fuzzing can hold its reading beside ours.
//
// Rule of this file: one frame in, one frame out, until the input ends. A frame is its length in four octets,
// the highest first, and that many octets. A question is the method that responses answer, ended by a zero
// (nothing before the zero: the octets are requests), and the octets of a connection that has ended. The
// answer is JSON with one char for each octet.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

type message struct {
	Start   string              `json:"start"`
	Content string              `json:"content"`
	Host    string              `json:"host"`
	Reason  string              `json:"reason"`
	Header  map[string][]string `json:"header"`
	Trailer map[string][]string `json:"trailer"`
}

type reading struct {
	Messages []message `json:"messages"`
	End      string    `json:"end"`
}

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	for {
		question, err := readFrame(in)
		if err != nil {
			return
		}
		at := bytes.IndexByte(question, 0)
		if at < 0 {
			return
		}
		answer, err := json.Marshal(read(string(question[:at]), question[at+1:]))
		if err != nil {
			return
		}
		binary.Write(out, binary.BigEndian, uint32(len(answer)))
		out.Write(answer)
		if out.Flush() != nil {
			return
		}
	}
}

func readFrame(in io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(in, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	frame := make([]byte, length)
	_, err := io.ReadFull(in, frame)
	return frame, err
}

// read reads messages until one is the last of its connection, or the octets end, or there is an error.
func read(method string, octets []byte) reading {
	in := bufio.NewReader(bytes.NewReader(octets))
	all := reading{Messages: []message{}}
	for all.End == "" {
		var one message
		one, all.End = readOne(in, method)
		if all.End == "" || all.End == "last" {
			all.Messages = append(all.Messages, one)
		}
	}
	return all
}

// readOne answers why there is no message: "end", or an error; "last" when nothing may follow it, else "".
func readOne(in *bufio.Reader, method string) (message, string) {
	if _, err := in.Peek(1); err != nil {
		return message{}, "end"
	}
	if method != "" {
		return readResponse(in, method)
	}
	request, err := http.ReadRequest(in)
	if err != nil {
		return message{}, err.Error()
	}
	content, err := io.ReadAll(request.Body)
	if err != nil {
		return message{}, err.Error()
	}
	one := message{
		Start:   latin1(request.Method + " " + request.RequestURI),
		Content: latin1(string(content)),
		Host:    latin1(request.Host),
		Header:  fields(request.Header),
		Trailer: fields(request.Trailer),
	}
	return one, lastIf(request.Close || request.Method == "CONNECT")
}

func readResponse(in *bufio.Reader, method string) (message, string) {
	response, err := http.ReadResponse(in, &http.Request{Method: method})
	if err != nil {
		return message{}, err.Error()
	}
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return message{}, err.Error()
	}
	_, reason, _ := strings.Cut(response.Status, " ")
	one := message{
		Start:   strconv.Itoa(response.StatusCode),
		Content: latin1(string(content)),
		Reason:  latin1(reason),
		Header:  fields(response.Header),
		Trailer: fields(response.Trailer),
	}
	isInterim := response.StatusCode >= 100 && response.StatusCode < 200
	return one, lastIf(response.StatusCode == 101 || (response.Close && !isInterim))
}

func lastIf(last bool) string {
	if last {
		return "last"
	}
	return ""
}

func fields(header http.Header) map[string][]string {
	all := map[string][]string{}
	for name, values := range header {
		for _, value := range values {
			key := latin1(strings.ToLower(name))
			all[key] = append(all[key], latin1(value))
		}
	}
	return all
}

// latin1 makes one char of each octet.
func latin1(octets string) string {
	chars := make([]rune, len(octets))
	for i := 0; i < len(octets); i++ {
		chars[i] = rune(octets[i])
	}
	return string(chars)
}
