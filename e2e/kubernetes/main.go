// Command kubes is a real Kubernetes in one binary: the first argument, or the name of the link it
// is called by, chooses the component. One binary because the components share most of their code:
// together they take a fifth of the disk and of the compile time that they would take apart.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

var components = map[string]func(){
	"etcd":               func() { etcdmain.Main(os.Args) },
	"apiserver":          func() { run(apiserver.NewAPIServerCommand()) },
	"controller-manager": func() { run(controllers.NewControllerManagerCommand()) },
	"scheduler":          func() { run(scheduler.NewSchedulerCommand()) },
	"kubelet":            func() { run(kubelet.NewKubeletCommand(context.Background())) },
	"proxy":              func() { run(proxy.NewProxyCommand()) },
	"kubectl":            func() { run(cmd.NewDefaultKubectlCommand()) },
	"dns":                dns,
	"policies":           policies,
	"image":              packImage,
}

func main() {
	if start, known := components[filepath.Base(os.Args[0])]; known {
		start()
		return
	}
	if len(os.Args) > 1 {
		if start, known := components[os.Args[1]]; known {
			os.Args = slices.Delete(os.Args, 0, 1)
			start()
			return
		}
	}
	fmt.Fprintln(os.Stderr, "usage: kubes COMPONENT [ARGUMENT...], with COMPONENT one of")
	for _, name := range names() {
		fmt.Fprintln(os.Stderr, " ", name)
	}
	os.Exit(2)
}

func names() []string {
	var all []string
	for name := range components {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func run(command *cobra.Command) {
	os.Exit(cli.Run(command))
}

// dns is CoreDNS with the three plugins that a cluster's own names need.
func dns() {
	dnsserver.Directives = []string{"bind", "errors", "kubernetes"}
	coremain.Run()
}
