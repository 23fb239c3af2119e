// Command registry keeps manifests as OCI artifacts: distribution's registry, and the push of Flux's own command line.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	"github.com/fluxcd/pkg/oci"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 2 && os.Args[1] == "serve":
		err = serve()
	case len(os.Args) == 4 && os.Args[1] == "push":
		err = push(os.Args[2], os.Args[3])
	default:
		fmt.Fprintln(os.Stderr, "usage: registry serve (prints its address; ends when its input does)\n"+
			"       registry push HOST:PORT/REPOSITORY:TAG FOLDER (prints the artifact's digest)")
		os.Exit(64)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve keeps everything in memory, on loopback.
func serve() error {
	config := &configuration.Configuration{
		Storage: configuration.Storage{"inmemory": configuration.Parameters{}},
	}
	config.Log.Level = "warn"
	config.HTTP.Secret = "of one process"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // it ends with the test that started it, however that ends
		os.Exit(0)
	}()
	return http.Serve(listener, handlers.NewApp(context.Background(), config))
}

// push is `flux push artifact`; to an address of loopback it speaks plain HTTP.
func push(reference, folder string) error {
	digest, err := oci.NewClient(oci.DefaultOptions()).Push(context.Background(), reference, folder)
	if err != nil {
		return err
	}
	fmt.Println(digest)
	return nil
}
