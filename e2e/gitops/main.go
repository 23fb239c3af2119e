// Command gitops is what deploys Kubernetes objects and waits for them, as users have it: Helm 4, and the kstatus poller of Flux's
// controllers. It is one program because Go links what they share only once.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	switch os.Args[1] {
	case "helm":
		os.Exit(helm(os.Args[2:]))
	case "kstatus":
		os.Exit(kstatus(os.Args[2:]))
	default:
		usage()
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: gitops helm ARGUMENT...\n       gitops kstatus NAMESPACE NAME TIMEOUT (of a SwarmRelease; KUBECONFIG names the cluster)")
	os.Exit(64)
}
