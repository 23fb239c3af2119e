package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// packImage writes a container image of one static binary in the form of `docker save`, which
// `ctr images import` reads. The same binary gives the same bytes: no dates, no owner.
func packImage() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: kubes image OUT.tar NAME:TAG BINARY")
		os.Exit(2)
	}
	if err := writeImage(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "kubes image:", err)
		os.Exit(1)
	}
}

func writeImage(out, name, binary string) error {
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	entrypoint := "/" + filepath.Base(binary)
	layer, err := archive(file{entrypoint[1:], 0o555, program})
	if err != nil {
		return err
	}
	type object = map[string]any
	config, err := json.Marshal(object{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       object{"Entrypoint": []string{entrypoint}, "User": "65535:65535"},
		"rootfs":       object{"type": "layers", "diff_ids": []string{"sha256:" + digest(layer)}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]object{{
		"Config":   digest(config) + ".json",
		"RepoTags": []string{name},
		"Layers":   []string{"layer.tar"},
	}})
	if err != nil {
		return err
	}
	image, err := archive(
		file{digest(config) + ".json", 0o444, config},
		file{"layer.tar", 0o444, layer},
		file{"manifest.json", 0o444, manifest})
	if err != nil {
		return err
	}
	return os.WriteFile(out, image, 0o644)
}

type file struct {
	path    string
	mode    int64
	content []byte
}

func archive(files ...file) ([]byte, error) {
	var out bytes.Buffer
	writer := tar.NewWriter(&out)
	for _, f := range files {
		header := &tar.Header{Name: f.path, Mode: f.mode, Size: int64(len(f.content))}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write(f.content); err != nil {
			return nil, err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func digest(content []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(content))
}
