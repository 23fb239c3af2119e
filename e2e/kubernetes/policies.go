package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
)

// policies enforces NetworkPolicies on one node until it is told to stop. It is kube-router with its
// firewall alone: the same controller, without the router and the service proxy that come with it,
// which would bring a BGP speaker and a container engine's client into this binary.
func policies() {
	flags := flag.NewFlagSet("policies", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "of a user who may list nodes, namespaces, pods and policies")
	node := flags.String("hostname-override", "", "the node's name")
	services := flags.String("service-cluster-ip-range", "", "addresses of services")
	klog.InitFlags(flags)
	_ = flags.Parse(os.Args[1:])
	if err := enforce(*kubeconfig, *node, *services); err != nil {
		fmt.Fprintln(os.Stderr, "policies:", err)
		os.Exit(1)
	}
}

func enforce(kubeconfig, node, services string) error {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := awaitNode(stop, client, node); err != nil {
		return fmt.Errorf("there is no node %s with an address: %w", node, err)
	}

	settings := options.NewKubeRouterConfig()
	settings.EnableIPv4 = true
	settings.HostnameOverride = node
	settings.ClusterIPCIDRs = []string{services}
	iptables, ipsets, err := netpol.NewIPTablesHandlers(settings)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	rules := factory.Networking().V1().NetworkPolicies().Informer()
	controller, err := netpol.NewNetworkPolicyController(
		client, settings, pods, rules, namespaces, &sync.Mutex{}, iptables, ipsets)
	if err != nil {
		return err
	}
	factory.Start(stop.Done())
	factory.WaitForCacheSync(stop.Done())
	_, _ = pods.AddEventHandler(controller.PodEventHandler)
	_, _ = namespaces.AddEventHandler(controller.NamespaceEventHandler)
	_, _ = rules.AddEventHandler(controller.NetworkPolicyEventHandler)

	heartbeats := make(chan *healthcheck.ControllerHeartbeat)
	go func() {
		for range heartbeats { // the controller waits for someone who takes them
		}
	}()
	var running sync.WaitGroup
	running.Add(1)
	go controller.Run(heartbeats, stop.Done(), &running)
	running.Wait()
	return nil
}

// The kubelet registers the node, and is started beside this.
func awaitNode(stop context.Context, client kubernetes.Interface, name string) error {
	return wait.PollUntilContextTimeout(stop, time.Second, 2*time.Minute, true, func(ctx context.Context) (bool, error) {
		node, err := client.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
		return err == nil && len(node.Status.Addresses) > 0, nil
	})
}
