package subsliceretains

import (
	"bytes"
	"os"
)

func cloned(path string) (*header, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &header{magic: bytes.Clone(data[:4])}, nil
}

func appended(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return append([]byte(nil), data[:4]...), nil
}

func text(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return string(data[:4]), nil
}

func array(path string) ([4]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return [4]byte{}, err
	}
	return [4]byte(data[:4]), nil
}

func half() []byte {
	big := make([]byte, 8192)
	return big[:5000]
}

func rest(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return data[4:], nil
}

func small() []byte {
	buf := make([]byte, 64)
	return buf[:4]
}

func filled(r interface{ Read([]byte) (int, error) }) ([]byte, error) {
	buf := make([]byte, 4096)
	n, err := r.Read(buf)
	return buf[:n], err
}

func used(path string) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	head := data[:4]
	return bytes.Count(head, []byte("a")), nil
}
