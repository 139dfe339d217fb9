// The client of the question of clients, as Go's net/http does it: 64 goroutines that ask, read the answer, and
// ask again. Arguments: what is asked, and the ports with commas between them. It is asked in lines of its input
// (start, count, stop), answers in lines of its output, and goes when its input ends.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

const loops = 64

var content = bytes.Repeat([]byte("x"), 1024)

func ask(client *http.Client, what, url string) {
	var response *http.Response
	var err error
	if what == "post" {
		response, err = client.Post(url, "application/octet-stream", bytes.NewReader(content))
	} else {
		response, err = client.Get(url)
	}
	if err != nil {
		panic(err)
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

func main() {
	runtime.GOMAXPROCS(1)
	var urls []string
	for _, port := range strings.Split(os.Args[2], ",") {
		urls = append(urls, "http://127.0.0.1:"+port+"/")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns = 10 * loops
	transport.MaxIdleConnsPerHost = loops
	client := &http.Client{Transport: transport}
	var count atomic.Int64
	var running atomic.Bool
	var all sync.WaitGroup
	loop := func(at int) {
		defer all.Done()
		for ; running.Load(); at++ {
			ask(client, os.Args[1], urls[at%len(urls)])
			count.Add(1)
		}
	}
	fmt.Println(0)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		switch in.Text() {
		case "start":
			running.Store(true)
			all.Add(loops)
			for i := 0; i < loops; i++ {
				go loop(i)
			}
		case "stop":
			running.Store(false)
			all.Wait()
		}
		fmt.Println(count.Load())
	}
}
