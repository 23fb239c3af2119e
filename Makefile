# Everything a person needs; `make` alone lists it. Each target says what is missing and how to get it.
SHELL := bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
WITH_JDK := .ci/with-jdk
MAVEN := $(WITH_JDK) mvn -B -ntp
PEER := crds,peer-image/bittorrent,peer-image/peer
COMPILING = @echo "compiling, a minute or less; the first time 3 minutes, and Maven downloads 320 MB"
# The tag of the images: the build's version, which a test holds equal.
TAG := $(shell sed -n 's/^appVersion: //p' helm/corvid/Chart.yaml)

DEMO := $(WITH_JDK) java -jar e2e/scenarios/target/corvid-demo.jar
BENCH := $(WITH_JDK) java -jar e2e/bench/target/corvid-bench.jar
# Named scenarios alone, those that measure too; -Dit.test says which.
SCENARIOS := $(MAVEN) -q --fail-at-end verify -Pscenarios -pl e2e/scenarios,e2e/bench -am -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dfailsafe.failIfNoSpecifiedTests=false -Dscenarios.excluded= -Dscenarios.full=true
REPEATS ?= 3

# In one go: a jar that is built again does not fit its AOT cache any more.
define BUILD_FOR_BENCH
$(WITH_JDK) .ci/image-root target/images/root
$(MAVEN) -q package -Pimages -DskipTests
endef

# What is fast is over before optimized code pays: a third of the processor time of `check`.
SHORT_RUNS := -XX:+EnableDynamicAgentLoading -Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC

# Of the clusters that are made here.
NODES ?= 4
RATE ?= 200

# Only as `make demo KUBECONFIG=…`: what the environment happens to say is no consent to install things there.
GIVEN := $(if $(filter command line,$(origin KUBECONFIG)),$(KUBECONFIG))

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: try
try: ## a swarm of processes on this machine: tracker, seeder, eight peers; no root, no Kubernetes
	$(COMPILING)
	$(MAVEN) -q package -DskipTests -pl $(PEER)
	$(WITH_JDK) java -cp 'peer-image/peer/target/lib/*' e2e/try/Try.java

.PHONY: demo
demo: ## a release onto every node of a cluster [NODES=4 RATE=200 | KUBECONFIG=… IMAGES=registry/prefix]
	$(if $(GIVEN),,e2e/cluster/cluster.sh check)
	$(if $(GIVEN),$(COMPILING),@echo "images first, then a cluster: the first time 15 minutes, because Kubernetes is compiled; later 2")
	$(if $(GIVEN),,$(MAKE) --no-print-directory images)
	$(MAVEN) -q package -DskipTests -pl e2e/scenarios -am
	$(DEMO) $(if $(GIVEN),--kubeconfig=$(GIVEN) --images=$(IMAGES),--nodes=$(NODES) --rate=$(RATE))

.PHONY: demo-down
demo-down: ## remove every trace of the demo [KUBECONFIG=…]
	$(if $(GIVEN),$(MAVEN) -q package -DskipTests -pl e2e/scenarios -am)
	$(if $(GIVEN),$(DEMO) --down --kubeconfig=$(GIVEN),e2e/cluster/cluster.sh down demo)

.PHONY: cluster
cluster: images ## Kubernetes on this machine with Corvid's images, for you to use [NODES=4 POLICIES=1 RATE=0 is unshaped]
	e2e/cluster/cluster.sh check
	POLICIES=$(POLICIES) RATE=$(RATE) e2e/cluster/cluster.sh up dev $(NODES)
	e2e/cluster/cluster.sh load dev target/images/*.tar

.PHONY: cluster-down
cluster-down: ## remove that cluster
	e2e/cluster/cluster.sh down dev

.PHONY: build
build: ## compile and package all programs, no tests
	$(MAVEN) -q package -DskipTests

.PHONY: check
check: ## the contributor's loop: format, unit and component tests that are fast; no root, no Go
	CORVID_KUBES=none $(MAVEN) -T 2 spotless:check test -Dtests.excluded=slow '-Dsurefire.argLine=$(SHORT_RUNS)'

.PHONY: test
test: ## correctness: checks, operator on a real API server, scenarios on a real cluster (root) [SHARD=1/2]
	SHARD=$(SHARD) .ci/test

.PHONY: measure
measure: images ## what takes long for a figure, and all of what make test has a part of (root; 40 minutes)
	e2e/cluster/cluster.sh check
	CORVID_KUBES=$$(e2e/kubernetes/build.sh)/bin/kubes $(SCENARIOS) \
	  -Dit.test='IdleScenario,ThousandNodesScenario,CostScenario,BandwidthScenario,PeerLossScenario,ReadingScenario,LossScenario,FullDiskScenario,BadSourceScenario'
	@tail -n +1 e2e/target/figures/*.txt

.PHONY: cases
cases: ## odd sources and archives, each with what the seeder makes of it: released or refused, and the message
	@mkdir -p peer-image/peer/target
	@$(MAVEN) -q test -pl $(PEER) -Dtest=CasesIT -Dsurefire.failIfNoSpecifiedTests=false >peer-image/peer/target/cases.log 2>&1 \
	  || { cat peer-image/peer/target/cases.log peer-image/peer/target/cases.txt; exit 1; }
	@cat peer-image/peer/target/cases.txt

.PHONY: gitops
gitops: ## Flux's own controllers deploy releases from a registry: what they make of each; no root (Go; 10 minutes the first time)
	@mkdir -p operator/target
	@kubes=$$(e2e/kubernetes/build.sh)/bin/kubes && flux=$$(e2e/flux/build.sh) && { CORVID_KUBES=$$kubes CORVID_FLUX=$$flux \
	  $(MAVEN) -q test -pl crds,operator -Dtest=FluxIT -Dsurefire.failIfNoSpecifiedTests=false >operator/target/gitops.log 2>&1 \
	  || { cat operator/target/gitops.log; echo "what Flux logged: operator/target/flux/*.log"; exit 1; }; }
	@cat operator/target/figures/gitops.txt

.PHONY: simulate
simulate: ## the swarm's policy in simulated networks, against the bound [PEERS=10000 PIECES=512]
	$(MAVEN) -q test-compile -pl peer-image/bittorrent
	$(WITH_JDK) java -XX:+UseSerialGC -Xmx8g -cp peer-image/bittorrent/target/classes:peer-image/bittorrent/target/test-classes \
	  dev.corvid.bittorrent.policy.Simulate $(if $(PEERS),$(PEERS) $(or $(PIECES),512))

.PHONY: limit-figures
limit-figures: ## how exactly two releases at once keep to spec.bandwidth and to a node's ceiling; wants a quiet machine
	@rm -f peer-image/peer/target/figures/limits.txt
	@$(MAVEN) -q test -pl $(PEER) -Dtest=LimitFigures -Dsurefire.failIfNoSpecifiedTests=false >/dev/null
	@cat peer-image/peer/target/figures/limits.txt

.PHONY: source-figures
source-figures: ## how fast a source is read that limits each connection, and how many connections it gets; wants a quiet machine
	@rm -f peer-image/peer/target/figures/source.txt
	@$(MAVEN) -q test -pl $(PEER) -Dtest=SourceFigures -Dsurefire.failIfNoSpecifiedTests=false >/dev/null
	@cat peer-image/peer/target/figures/source.txt

.PHONY: idle
idle: images ## what a peer with ten seeded releases costs: memory and processor, over a minute (root)
	e2e/cluster/cluster.sh check
	$(SCENARIOS) -Dit.test=IdleScenario
	@cat e2e/target/figures/idle-*.txt

.PHONY: soak
soak: images ## releases, faults and nodes in random churn, invariants checked each second (root) [MINUTES=30 SEED=… HOSTILE=1]
	e2e/cluster/cluster.sh check
	$(SCENARIOS) -Dit.test=SoakScenario -Dsoak.minutes=$(or $(MINUTES),30) $(if $(SEED),-Dsoak.seed=$(SEED)) \
	  $(if $(HOSTILE),-Dsoak.hostile=true)
	@cat e2e/target/figures/soak-*.txt

.PHONY: hostile
hostile: images ## pod, tenant, node and source attack a real cluster: what each got and cost (root)
	e2e/cluster/cluster.sh check
	$(SCENARIOS) -Dit.test='NetworkPolicyScenario,Hostile*Scenario' -Dhostile=true
	@cat e2e/target/figures/hostile-*.txt

.PHONY: fleet
fleet: ## operator and tracker with simulated nodes, measured; no root [NODES=1000 RELEASES=1]
	$(BUILD_FOR_BENCH)
	CORVID_KUBES=$$(e2e/kubernetes/build.sh)/bin/kubes $(WITH_JDK) java -cp e2e/bench/target/corvid-bench.jar \
	  dev.corvid.e2e.fleet.FleetBench --nodes=$(if $(filter command line,$(origin NODES)),$(NODES),1000) \
	  $(if $(RELEASES),--releases=$(RELEASES))

.PHONY: bench
bench: ## Corvid, libtorrent, aria2, bt-core, nginx and curl side by side on shaped links (root) [ROWS=eight,twenty REPEATS=3]
	$(BUILD_FOR_BENCH)
	$(BENCH) --repeats=$(REPEATS) $(if $(ROWS),--only=$(ROWS))

.PHONY: bench-quick
bench-quick: ## the most telling rows of it, small: three minutes (root)
	$(BUILD_FOR_BENCH) -Djib.skip -pl $(PEER),e2e/bench -am
	$(BENCH) --quick

.PHONY: bench-record
bench-record: ## bench, and write e2e/bench/RESULTS.md [ROWS=… measures these again and keeps the others]
	$(BUILD_FOR_BENCH)
	$(BENCH) --repeats=$(REPEATS) --record $(if $(ROWS),--keep --only=$(ROWS))

.PHONY: images
images: ## container images as target/images/*.tar, with bills of materials [PUSH=registry/prefix | LOAD=kind]
	$(if $(PUSH),@.ci/registry check $(PUSH))
	$(COMPILING)
	$(WITH_JDK) .ci/image-root target/images/root
	$(MAVEN) -q package -Pimages -DskipTests -pl operator,$(PEER) \
	  -Dimages.revision=$$(git rev-parse HEAD 2>/dev/null || echo unknown) \
	  $(if $(PUSH),-Dimages.goal=build -Dimages.prefix=$(PUSH) || { .ci/registry failed $(PUSH); exit 1; })
	@$(if $(PUSH),,ls -sh target/images/*.tar target/images/*.cdx.json)
	@printf '$(if $(PUSH),pushed,made): %s\n' $(or $(PUSH),corvid)/operator:$(TAG) $(or $(PUSH),corvid)/peer:$(TAG)
	$(if $(LOAD),.ci/load-images $(LOAD))

.PHONY: crd
crd: ## write the CRD from its classes again, and the chart's copy
	$(MAVEN) -q test -pl crds -Dtest=CrdTest -Dcrd.write=true
	cp crds/swarmreleases.corvid.dev.yaml helm/corvid/crd/

.PHONY: reference
reference: ## write docs/reference again from CRD, chart and programs
	$(MAVEN) -q test -Dtest='*ReferenceTest,*MetricsTest' -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write=true

.PHONY: crd-baseline
crd-baseline: ## what the CRD is compared with becomes the CRD as it is: with a release (docs/api-policy.md)
	cp crds/swarmreleases.corvid.dev.yaml crds/compatibility/

.PHONY: format
format: ## put every source file into the house's format
	$(MAVEN) -q spotless:apply

.PHONY: clean
clean: ## delete what was built; the cache outside the clone stays
	$(MAVEN) -q clean
	rm -rf target
