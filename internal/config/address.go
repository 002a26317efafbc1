package config

import (
	"fmt"
	"net"
	"strings"
)

// ParseAddress reads an address to listen on: PORT, :PORT or HOST:PORT. Without
// a host it is the loopback.
func ParseAddress(text string) (string, error) {
	address := text
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	host, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil || port == "" {
		return "", fmt.Errorf("%q is no address: want PORT or HOST:PORT, as 9095 or 127.0.0.1:9095", text)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}
