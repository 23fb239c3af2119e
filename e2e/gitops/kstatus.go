package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/event"
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/cli-utils/pkg/object"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
	"k8s.io/kubectl/pkg/cmd/util"
)

// What a wait came to, as exit status.
const (
	isCurrent  = 0
	hasFailed  = 1
	timedOut   = 2
	cannotPoll = 70
)

// kstatus waits for a SwarmRelease as Flux's kustomize-controller does for what it applied: until it is Current or Failed,
// or the time is up. Each change of status or message is a line on stdout: "InProgress", a tab, the message.
func kstatus(arguments []string) int {
	if len(arguments) != 3 {
		usage()
	}
	timeout, err := time.ParseDuration(arguments[2])
	if err != nil {
		usage()
	}
	flags := genericclioptions.NewConfigFlags(true)
	flags.WrapConfigFn = func(config *rest.Config) *rest.Config {
		config.QPS = -1 // it asks often, to see each change
		return config
	}
	poller, err := polling.NewStatusPollerFromFactory(util.NewFactory(flags), polling.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return cannotPoll
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	release := object.ObjMetadata{
		Namespace: arguments[0],
		Name:      arguments[1],
		GroupKind: schema.GroupKind{Group: "corvid.dev", Kind: "SwarmRelease"},
	}
	events := poller.Poll(ctx, object.ObjMetadataSet{release}, polling.PollOptions{PollInterval: 50 * time.Millisecond})
	return follow(ctx, events)
}

func follow(ctx context.Context, events <-chan event.Event) int {
	last := ""
	for e := range events {
		if e.Type == event.ErrorEvent {
			if ctx.Err() != nil {
				break
			}
			fmt.Fprintln(os.Stderr, e.Error)
			return cannotPoll
		}
		if e.Type != event.ResourceUpdateEvent || ctx.Err() != nil {
			continue
		}
		if line := e.Resource.Status.String() + "\t" + e.Resource.Message; line != last {
			fmt.Println(line)
			last = line
		}
		switch e.Resource.Status {
		case status.CurrentStatus:
			return isCurrent
		case status.FailedStatus:
			return hasFailed
		}
	}
	return timedOut
}
