# Programs that memsnap check is tried on; sourced. The first four are those that mutants are made in first.
check_modules=(github.com/prometheus/prometheus@v0.315.0 github.com/caddyserver/caddy/v2@v2.11.9
  github.com/nats-io/nats-server/v2@v2.15.2 go.etcd.io/etcd/server/v3@v3.6.8 k8s.io/kubernetes@v1.36.3
  github.com/hashicorp/vault@v1.20.0 github.com/gohugoio/hugo@v0.152.2)

# Libraries that these stand on, where they have places for the mistakes that the programs have too few places for.
check_libraries=(github.com/couchbase/gocb/v2@v2.10.0 google.golang.org/grpc@v1.85.0 github.com/pb33f/libopenapi@v0.38.7
  github.com/caddyserver/certmagic@v0.25.6 golang.org/x/tools@v0.51.0 github.com/google/cadvisor@v0.56.2
  k8s.io/kube-openapi@v0.0.0-20260721132016-d427ff9ee9ad github.com/miekg/dns@v1.1.73
  github.com/apache/arrow-go/v18@v18.0.0 github.com/evanw/esbuild@v0.25.11 golang.org/x/net@v0.61.0
  k8s.io/apiextensions-apiserver@v0.36.3 k8s.io/apiserver@v0.36.3 github.com/aerospike/aerospike-client-go/v5@v5.6.0
  go.mongodb.org/mongo-driver@v1.17.3 github.com/jackc/pgx/v5@v5.11.0 github.com/snowflakedb/gosnowflake@v1.14.0
  github.com/prometheus/client_golang@v1.25.0 github.com/quic-go/quic-go@v0.63.0 github.com/nats-io/nats.go@v1.53.1
  github.com/gocql/gocql@v1.0.0 k8s.io/client-go@v0.36.3 k8s.io/kubectl@v0.36.3
  google.golang.org/protobuf@v1.36.12-0.20260120151049-f2248ac996af sigs.k8s.io/structured-merge-diff/v6@v6.4.2
  k8s.io/apimachinery@v0.36.3 github.com/tetratelabs/wazero@v1.9.0 github.com/go-delve/delve@v1.27.2
  github.com/cilium/ebpf@v0.22.0
  github.com/prometheus/alertmanager@v0.34.0)

# check_name MODULE: the last word of its path that is no version.
check_name() {
  local path=${1%@*}
  path=${path%/v[0-9]*} && path=${path%/server}
  echo "${path##*/}"
}

# check_copy MODULE FOLDER: its sources, and all modules it needs in the module cache.
check_copy() {
  check_sources "$1" "$2"
  (cd "$2" && go mod download)
}

# check_sources MODULE FOLDER: its sources. Neighbours in the repository that go.mod replaces by a folder are not in the
# archive of the module: they are taken from their own archives.
check_sources() {
  local from
  from=$(cd / && go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  mkdir "$2"
  (cd "$from" && find . -type f \( -name '*.go' -o -name go.mod -o -name go.sum \) -not -path '*/testdata/*' \
    -print0 | tar cf - --null -T -) | tar xf - -C "$2"
  chmod -R u+w "$2"
  (
    cd "$2"
    sed -n 's/^\(replace\)\{0,1\}[[:blank:]]*\([^[:blank:]]*\) => \.\{1,2\}\/.*/\2/p' go.mod |
      while read -r neighbour; do go mod edit -dropreplace="$neighbour"; done
    # k8s.io/kubernetes v1.N.P asks for its neighbours as v0.0.0; they are released as v0.N.P.
    case $1 in k8s.io/kubernetes@v1.*)
      sed -i "s,^\(\tk8s.io/[a-z0-9-]*\) v0\.0\.0$,\1 v0.${1#*@v1.}," go.mod ;;
    esac
  )
}
