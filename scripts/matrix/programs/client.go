// Go's net/http as a client under test.
//
// Rule of this file: nothing is set but what a task needs; content goes out as it comes.
//
//	client [--head] [--post TEXT] [--put TEXT] [--redirects] [--cookies] [--expect] URL [URL2]
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
)

func main() {
	head := flag.Bool("head", false, "")
	post := flag.String("post", "", "")
	put := flag.String("put", "", "")
	redirects := flag.Bool("redirects", false, "")
	cookies := flag.Bool("cookies", false, "")
	expect := flag.Bool("expect", false, "")
	flag.Parse()

	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	method, content := "GET", ""
	switch {
	case *head:
		method = "HEAD"
	case given["post"]:
		method, content = "POST", *post
	case given["put"]:
		method, content = "PUT", *put
	}
	client := &http.Client{}
	if !*redirects {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	if *cookies {
		client.Jar, _ = cookiejar.New(nil)
	}
	for _, url := range flag.Args() {
		if err := ask(client, method, url, content, *expect); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func ask(client *http.Client, method, url, content string, expect bool) error {
	var body io.Reader
	if method == "POST" || method == "PUT" {
		body = strings.NewReader(content)
	}
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		return err
	}
	if body != nil {
		request.Header.Set("Content-Type", "text/plain")
	}
	if expect {
		request.Header.Set("Expect", "100-continue")
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(os.Stdout, response.Body)
	return err
}
