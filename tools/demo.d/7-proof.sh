# What remains: reports to read, evidence that anybody can check, and proofs of what this demonstration says.

chapter "Reports to open in a browser"
mkdir reports
as provider report --organisation -o reports/mail-works.html
as provider report -e kaisha --audience counterpart -o reports/for-kaisha.html
as office report --lang ja -o reports/kaisha.html
as kensa report -o reports/kensa.html

chapter "Anybody can check what was signed, without server or store"
as office export evidence -o evidence.zip
as provider export evidence -e kumo-iaas -o evidence-kumo.zip
stop
mkdir -p elsewhere && cp evidence.zip elsewhere/
kumo=$(fingerprint kumo) mailworks=$(fingerprint provider)
verify() {
    typed kensa buntan verify evidence.zip --trust "$mailworks" --trust "$kaisha"
    (cd elsewhere && env -i PATH=/nonexistent HOME="$PWD" COLUMNS="$COLUMNS" \
        "$bin/buntan" verify evidence.zip --trust "$mailworks" --trust "$kaisha")
}
briefly 5 8 verify
tell "A program that shares no code with Buntan says the same, also of what Kumo and Mail Works signed."
by_other_code() {
    typed kensa python3 verify.py "$1" --trust "$mailworks" --trust "$2"
    "$python" "$tools/verify.py" "$1" --trust "$mailworks" --trust "$2"
}
briefly 2 2 by_other_code evidence.zip "$kaisha"
briefly 2 2 by_other_code evidence-kumo.zip "$kumo"

chapter "This demonstration proves itself"
tell "The workbooks are counted again by a reader of their own, and compared with what the programs hold."
python3 "$tools/prove.py" count matrix-2021-07.xlsx
python3 "$tools/prove.py" diff matrix-2021-03.xlsx matrix-2021-07.xlsx | grep -E '^(rows|flags|texts)'
python3 "$tools/prove.py" compare matrix-2021-07.xlsx matrix-second.json --texts
# ids WHO COMMAND…: each id of what a list holds, whole.
ids() { get "$1" "'\n'.join('hex:'+i['id'] for i in d['items'])" "${@:2}"; }
tell "Every byte that Hoken received, and all it keeps, is searched for what is Kaisha's; Kaisha's own must hold it."
{
    printf '%s\n' "Kaisha K.K." "会社株式会社" "we archive our own logs" "Please name where the copies are kept." \
        "The console ends where your identity provider begins." "In Tokyo and Osaka, since Kumo copies to both." "Hanako Yamada"
    get office "'hex:'+d['item']['organisation']" org
    # Each id of what the two share alone.
    for list in devices engagements agreements "list comment" "list responsibility-position"; do
        # shellcheck disable=SC2086
        ids office $list
    done
} >needles.txt
python3 "$tools/prove.py" search received-2 second --needles needles.txt --must-find office
tell "The same search finds what is Hoken's own in what Hoken received: it would have found the other."
printf '%s\n' "Hoken Mutual" "Hoken asks: who approves the policy?" >own.txt
python3 "$tools/prove.py" search received-1 office --needles own.txt --must-find received-2
tell "What Kumo and Mail Works have between them reaches no customer below."
{
    printf '%s\n' "we write our images ourselves" "Only for what we encrypt ourselves." "Two locks and a guard at every door." "Kyoko Kumo"
    for list in agreements "list responsibility-position"; do
        # shellcheck disable=SC2086
        ids provider $list -e kumo-iaas
    done
} >above.txt
python3 "$tools/prove.py" search received-1 received-2 office laptop second --needles above.txt --must-find provider
tell "What Kaisha noted for itself is nowhere on the server, and nowhere at its provider."
printf '%s\n' "ask the works council about 15 minutes" "our scanner licence ends in May" >notes.txt
python3 "$tools/prove.py" search server provider received-1 received-2 --needles notes.txt --must-find office
tell "Mail Works' risks and treatments are nowhere on the server, and nowhere at its provider or customers."
printf '%s\n' "Copies of our own every four hours." "We keep login logs for a year ourselves." "Kaisha asks where copies are kept." \
    >risks.txt
python3 "$tools/prove.py" search server kumo office second kensa received-1 received-2 --needles risks.txt --must-find provider
tell "Every entry, record and signature in every store is read by a program that shares no code with Buntan."
"$python" "$tools/check_store.py" {kumo,provider,office,laptop,second,kensa,server}/store.db
tell "The server's own check of every log."
"$bin/buntan-server" check --data server

printf '\n\n'
bold "Done in $((SECONDS - started)) s. What lies in $PWD:"
cat <<END
  kumo, provider, office, laptop, second, kensa   stores: buntan --store NAME
  reports/mail-works.html                         all that Mail Works has, for itself
  reports/for-kaisha.html                         what it shares with Kaisha, to be handed over
  reports/kaisha.html                             Kaisha's, in Japanese
  reports/kensa.html                              what the auditor reads
  evidence.zip, evidence-kumo.zip                 what was signed below and above, to be verified anywhere
  server, received-1, received-2                  all that the server holds, and what each customer received

To try next, after: cd $PWD; PATH=$bin:\$PATH
  buntan --store provider trace cp-9.a -s works-mail     one row, from Kumo down to each customer
  buntan --store provider gaps -e kumo-iaas              what Kumo does not offer, and what was done about it
  buntan --store office matrix cp --lang ja              the customer's matrix
  buntan --store provider soa 12 -s works-mail           what Mail Works has decided on clause 12 of the standard
END
