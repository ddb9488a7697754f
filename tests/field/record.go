package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// The pages of net/http/pprof that are kept, and the ends of the files' names.
var pages = []struct{ page, file string }{
	{"heap", "heap.pb.gz"},
	{"allocs", "allocs.pb.gz"},
	{"profile?seconds=3", "cpu.pb.gz"},
	{"goroutine", "goroutine.pb.gz"},
	{"mutex", "mutex.pb.gz"},
	{"block", "block.pb.gz"},
	{"threadcreate", "threadcreate.pb.gz"},
	{"heap?debug=1", "heap.txt"},
	{"goroutine?debug=1", "goroutine.txt"},
	{"goroutine?debug=2", "goroutines.txt"},
	{"mutex?debug=1", "mutex.txt"},
	{"block?debug=1", "block.txt"},
	{"threadcreate?debug=1", "threadcreate.txt"},
}

// record keeps the profiles of a server that has its pages at one of the addresses.
func record(name string, addresses []string, folder string) error {
	for _, p := range pages {
		var body []byte
		var failed error
		for _, address := range addresses {
			if body, failed = get("http://" + address + "/debug/pprof/" + p.page); failed == nil {
				break
			}
		}
		if failed != nil {
			return failed
		}
		file := filepath.Join(folder, strings.TrimSuffix(name, "-server")+"."+p.file)
		if err := os.WriteFile(file, body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func get(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}
