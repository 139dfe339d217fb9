// Go's net/http as a server under test: contract 2 of the conformance tester.
//
// Rule of this file: no checks of its own, so that what is judged is net/http.
package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

const page = "The page that every contract asks for.\n"

var modified = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

func main() {
	http.HandleFunc("/", answer)
	log.SetOutput(io.Discard)
	if err := http.ListenAndServe("127.0.0.1:"+os.Args[1], nil); err != nil {
		panic(err)
	}
}

func answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/parse":
		parse(w, r)
	case r.URL.Path == "/echo" && r.Method == "POST":
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(body)
	case r.URL.Path != "/":
		http.NotFound(w, r)
	case r.Method != "GET" && r.Method != "HEAD":
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		w.Header().Set("ETag", `"page-1"`)
		http.ServeContent(w, r, "page.txt", modified, strings.NewReader(page))
	}
}

func parse(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	text, _ := json.Marshal(map[string]any{
		"method":   latin1(r.Method),
		"target":   latin1(r.RequestURI),
		"version":  strings.TrimPrefix(r.Proto, "HTTP/"),
		"host":     latin1(r.Host),
		"fields":   pairs(r.Header),
		"body":     latin1(string(body)),
		"trailers": pairs(r.Trailer),
	})
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

func pairs(header http.Header) [][2]string {
	all := [][2]string{}
	for name, values := range header {
		for _, value := range values {
			all = append(all, [2]string{latin1(name), latin1(value)})
		}
	}
	return all
}

// One char for each octet, as the contract wants it.
func latin1(octets string) string {
	runes := make([]rune, len(octets))
	for i := 0; i < len(octets); i++ {
		runes[i] = rune(octets[i])
	}
	return string(runes)
}
