# How the story is told: who types what, and what the programs print.

bold() { if [ -t 1 ]; then printf '\033[1m%s\033[0m\n' "$*"; else printf '%s\n' "$*"; fi; }
chapters=0
chapter() {
    chapters=$((chapters + 1))
    printf '\n\n'
    bold "== $chapters. $*"
}
tell() { printf '\n%s\n' "-- $*"; }
fail() {
    printf '\nThis demonstration failed: %s\n' "$*" >&2
    exit 1
}
is() { [ "$2" = "$3" ] || fail "$1 is '$2', not '$3'"; }

# typed WHO PROGRAM WORD…: a command as that person types it in a shell.
typed() {
    local word line=
    for word in "${@:2}"; do
        case $word in *[!A-Za-z0-9@%+=:,./_-]*) line+=" \"$word\"" ;; *) line+=" $word" ;; esac
    done
    printf '\n%s$%s\n' "$1" "$line"
}
# as WHO COMMAND…: shows the command as that person types it, then what it prints.
as() {
    typed "$1" buntan "${@:2}"
    "$bin/buntan" --store "$1" "${@:2}" 2>&1
}
quietly() { "$bin/buntan" --store "$1" "${@:2}" -q; }
# finds WHO COMMAND…: a command that ends with 1 where it finds something.
finds() { as "$@" || is "the exit code of '${*:2}'" $? 1; }
# briefly FIRST LAST COMMAND…: the first and the last lines of something long, and how many were left out.
briefly() {
    "${@:3}" | awk -v first="$1" -v last="$2" '
        { line[NR] = $0 }
        END {
            for (n = 1; n <= NR; n++) {
                if (n <= first + 2 || n > NR - last || NR <= first + last + 3) print line[n]
                else if (n == first + 3) printf "  (%d more lines)\n", NR - first - last - 2
            }
        }'
}
# code_of PATTERN COMMAND…: shows a command that prints a code, and keeps the code as `code`.
code_of() {
    local printed
    printed=$("${@:2}")
    printf '%s\n' "$printed"
    code=$(grep -oE "$1" <<<"$printed" | tail -1)
    [ -n "$code" ] || fail "no code was printed by '${*:2}'"
}
# get WHO EXPRESSION COMMAND…: a value out of a command's JSON.
get() {
    "$bin/buntan" --store "$1" "${@:3}" --json 2>/dev/null | python3 -c "import json,sys; d=json.load(sys.stdin); print($2)"
}
# refused WHO CODE COMMAND…: shows a command that has to be refused, and checks for which reason.
refused() {
    local who=$1 code=$2
    shift 2
    if as "$who" "$@"; then fail "'$*' went through"; fi
    is "the reason" "$("$bin/buntan" --store "$who" "$@" --json 2>/dev/null | python3 -c "import json,sys; print(json.load(sys.stdin)['code'])")" "$code"
}

fingerprint() { get "$1" "d['item']['fingerprint']" org; }
# standing WHO [WHERE]: the newest agreement, as its parties stand to it now.
standing() { get "$1" "d['items'][-1]['status'] if d['items'] else 'none'" agreements "${@:2}"; }
# sign WHO COUNTERPART [OPTION…]: reads which document it is, and signs exactly that.
sign() {
    local who=$1 name=$2 digest
    shift 2
    digest=$(get "$who" "d['item']['digest']" agree --print "$@")
    as "$who" agree "$@" --incomplete --confirm "$name" --document "$digest"
}
# signatory WHO NAME TITLE
signatory() {
    quietly "$1" config signatory.name "$2"
    quietly "$1" config signatory.title "$3"
}
