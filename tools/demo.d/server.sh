# The server, and recorders that keep what each customer receives.

port=$((20000 + RANDOM % 20000))
address=http://127.0.0.1:$port
wait_for() {
    for _ in $(seq 200); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
        read -r -t 0.05 <> <(:) || true
    done
    fail "nothing listens at port $1"
}
serve() {
    "$bin/buntan-server" serve --data server --listen "127.0.0.1:$port" --server-name sync.example >>server.log 2>&1 &
    server=$!
    wait_for "$port"
}
stop() { kill -TERM "$server" && wait "$server" || true; }
operator() {
    typed operator buntan-server "$@"
    "$bin/buntan-server" "$@" 2>&1
}
# admit ORGANISATION: the operator lets it in, once, by a code.
admit() { code_of '^[a-z2-7]{20,}$' operator org admit "$1" --data server; }
# invite WHO ORGANISATION: a customer is invited, by a code.
invite() { code_of '^[a-z2-7]+@http.*' as "$1" invite "$2"; }
# recorded N CODE: an invitation by way of a recorder.
recorded() { printf '%s' "${2/127.0.0.1:$port/127.0.0.1:$((port + $1))}"; }

serve
for n in 1 2; do
    python3 "$tools/record.py" $((port + n)) "$address" "received-$n" &
    wait_for $((port + n))
done
