# etcd, API server, controllers, scheduler and DNS, each with an identity of its own, all in the namespace
# `control`: etcd listens there on loopback only, so that neither a pod nor this machine reaches it.

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

in_control() { # LOG COMMAND...
  local log=$1
  shift
  spawn "$id/control" "$run/$log" nsenter --net="/run/netns/$id-control" "$@" >/dev/null
}

control_plane() {
  cgroup_make "$id"
  cgroup_weigh "$id"
  cgroup_make "$id/control"
  network
  certificates
  ( umask 077; users > "$run/secrets/tokens" )
  install -m 644 "$here/audit.yaml" "$run/audit.yaml"
  install -m 644 /dev/null "$run/audit.log" # the caller reads it
  cd "$run"
  mkdir addresses
  echo "$net.1" > addresses/machine
  echo "$net.3" > addresses/outside
  in_control etcd.log "$tools/bin/etcd" --data-dir "$run/etcd" --unsafe-no-fsync --logger=zap --log-level=warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380
  in_control apiserver.log "$tools/bin/kubes" apiserver --etcd-servers=http://127.0.0.1:2379 \
    --bind-address="$net.2" --advertise-address="$net.2" --secure-port=6443 \
    --service-cluster-ip-range="$services.0/20" --allow-privileged=true \
    --tls-cert-file=secrets/api.crt --tls-private-key-file=secrets/api.key --client-ca-file=ca.crt \
    --kubelet-client-certificate=secrets/api.crt --kubelet-client-key=secrets/api.key \
    --kubelet-preferred-address-types=InternalIP \
    --token-auth-file=secrets/tokens --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --service-account-key-file=secrets/sa.pub --service-account-signing-key-file=secrets/sa.key \
    --service-account-issuer=https://kubernetes.default.svc \
    --audit-policy-file=audit.yaml --audit-log-path="$run/audit.log"
  api_await
  in_control controllers.log "$tools/bin/kubes" controller-manager --kubeconfig=secrets/controllers.kubeconfig \
    --service-account-private-key-file=secrets/sa.key --root-ca-file=ca.crt --leader-elect=false \
    --use-service-account-credentials=true --node-monitor-grace-period=20s
  in_control scheduler.log "$tools/bin/kubes" scheduler --kubeconfig=secrets/scheduler.kubeconfig --leader-elect=false
  sed "s/DNS_SERVICE/$services.10/; s/DNS_ADDRESS/$net.2/" "$here/dns.yaml" | kubectl apply -f - >/dev/null
  kubectl apply -f "$here/policies.yaml" >/dev/null
  printf 'cluster.local:53 {\n bind %s\n errors\n kubernetes cluster.local {\n  kubeconfig secrets/dns.kubeconfig\n }\n}\n' "$net.2" > Corefile
  in_control dns.log "$tools/bin/kubes" dns -conf Corefile
}

# A certificate authority, the API server's certificate (it also shows it to kubelets), the token keys.
certificates() (
  cd "$run/secrets"
  exec 2>openssl.log
  umask 077
  openssl genrsa -out sa.key 2048
  openssl rsa -in sa.key -pubout -out sa.pub
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ../ca.crt -days 365 -subj /CN=corvid-test-ca
  openssl req -newkey rsa:2048 -nodes -keyout api.key -out api.csr -subj /O=system:masters/CN=kube-apiserver
  echo "subjectAltName=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:$net.2,IP:$services.1" > names
  openssl x509 -req -in api.csr -CA ../ca.crt -CAkey ca.key -CAcreateserial -days 365 -out api.crt -extfile names
  chmod 644 ../ca.crt
)

users() {
  user admin system:masters "$run/kubeconfig"
  user system:kube-controller-manager '' "$run/secrets/controllers.kubeconfig"
  user system:kube-scheduler '' "$run/secrets/scheduler.kubeconfig"
  user system:kube-proxy '' "$run/secrets/proxy.kubeconfig"
  user system:policies '' "$run/secrets/policies.kubeconfig"
  user system:coredns '' "$run/secrets/dns.kubeconfig"
  local node
  for node in $(seq 30); do user "system:node:node$node" system:nodes "$run/secrets/node$node.kubeconfig"; done
  cat > "$run/kubectl" <<M
#!/bin/sh
exec env KUBECONFIG="\${KUBECONFIG:-$run/kubeconfig}" "$tools/bin/kubectl" "\$@"
M
  chmod 755 "$run/kubectl"
}

user() { # NAME GROUP KUBECONFIG: prints its line of the token file
  local token
  token=$(random)
  echo "$token,$1,$1,\"$2\""
  cat > "$3" <<M
apiVersion: v1
kind: Config
clusters: [{name: $name, cluster: {server: "https://$net.2:6443", certificate-authority-data: $(base64 -w0 "$run/ca.crt")}}]
users: [{name: "$1", user: {token: $token}}]
contexts: [{name: $name, context: {cluster: $name, user: "$1"}}]
current-context: $name
M
}

kubectl() { "$tools/bin/kubectl" --kubeconfig="$run/kubeconfig" "$@"; }

api_await() { # there is no event to wait on before it listens: 60 s at most
  local token
  token=$(awk -F, '$2 == "admin" {print $1}' "$run/secrets/tokens")
  for _ in $(seq 300); do
    curl -fs -o /dev/null --max-time 5 --cacert "$run/ca.crt" -H @- "https://$net.2:6443/readyz" <<<"Authorization: Bearer $token" && return
    [ -n "$(cgroup_processes "$id/control")" ] || break
    sleep 0.2
  done
  die "the API server does not become ready"
}

api_signal() { # STOP|CONT
  local process
  for process in $(cgroup_processes "$id/control"); do
    ! grep -qzx apiserver "/proc/$process/cmdline" 2>/dev/null || kill "-$1" "$process"
  done
}
