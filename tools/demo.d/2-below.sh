# Works Mail, and those who use it: the lower half of the chain. Guide, chapter 2.

# relies WHO: what has changed above, and the command that 'trace' prints: it records on which agreement the service relies.
relies() {
    local words
    code_of 'edit service-dependency .* --set upstreamMatrixRevision=.*' as "$1" trace -s works-mail
    read -ra words <<<"$code"
    as "$1" "${words[@]}"
}

chapter "Mail Works is a provider as well: its own service, built on Kumo's (guide, chapter 2)"
as provider service add "Works Mail" --model saas --deployment public
as provider use works-mail
as provider edit cloud-service --set selfService=yes --set broadNetworkAccess=yes --set resourcePooling=yes --set rapidElasticity=yes \
    --set measuredService=yes --set "definedInterface/en=IMAP and a web page"
tell "What it builds on; its customers may know."
as provider edit service-dependency --set upstreamServiceId=kumo-compute --set upstreamName="Kumo Compute" --set dependencyType=hosting \
    --set customerDataFlows=yes --set disclosedToCustomers=yes
tell "Its matrix is real: cloud.gov's workbook of March 2021, of a platform that runs on another's cloud."
as provider import matrix-2021-03.xlsx --yes
as provider matrix --heatmap
tell "A row is followed down the chain: what is Mail Works' supplier's is Kumo's own, and signed."
as provider trace pe-3.a cp-9.a
tell "It relies on what was signed with Kumo; 'trace' without a row lists what has changed there since, and says what to type."
relies provider
as provider publish 2021.1 -m "first release" --yes
as provider sync

chapter "Two customers join by invitation"
invite provider "Kaisha K.K."
first=$code
invite provider "Hoken Mutual"
tell "The codes go to them by a way that both trust. Each customer reaches the server through a recorder of its bytes."
as office init --org "Kaisha K.K." --org-ja "会社株式会社" --label office-pc
as office join "$(recorded 1 "$first")"
"$bin/buntan" --store second init --org "Hoken Mutual" --label hoken-pc >/dev/null
as second join "$(recorded 2 "$code")"
tell "Kaisha has a second device: it shows a code, the first device enrols it."
kaisha=$(fingerprint office)
code_of '[a-z2-7]{100,}' as laptop device request field-laptop --org "$kaisha"
as office device add "$code" --caps read,write,sign --yes
as laptop join "$kaisha@http://127.0.0.1:$((port + 1))"
quietly laptop sync
tell "Mail Works compares fingerprints by telephone, and confirms."
as provider sync
as provider confirm kaisha --yes
quietly provider confirm hoken --yes
as provider engagements

chapter "The network is off. Kaisha works on two devices"
stop
as office accept --where allocation=provider --yes
as office accept --where allocation=customer --yes
as office accept --where allocation=supplier --yes
as laptop accept --where allocation=shared --yes
tell "Both devices touch the same fields, without knowing of each other."
as office propose au-4 --allocation shared -m "we archive our own logs"
as laptop propose au-4 --allocation customer -m "all log storage is ours"
as office edit responsibility-position ac-2.5 --set customerStatement/en="Sessions end after 15 minutes."
as laptop edit responsibility-position ac-2.5 --set customerStatement/en="Users log out themselves, policy P-12."
as laptop propose ca-8 --allocation shared -m "you test the platform, we test what we build on it"
as office propose ia-2.3 --allocation provider -m "MFA ends at your console"
tell "A comment is for the other side, a note stays in the organisation."
as office comment cp-9.a "Please name where the copies are kept."
as office note ac-2.5 "ask the works council about 15 minutes"
as laptop note ra-5.a "our scanner licence ends in May"
tell "A sync without a server loses nothing."
waiting=$(get office "len(d['items'])" outbox)
refused office server-speaks-tls sync
is "what waits to be sent" "$(get office "len(d['items'])" outbox)" "$waiting"
[ "$waiting" -gt 0 ] || fail "nothing waits to be sent"
as office status

chapter "Meanwhile Mail Works publishes its second release"
serve
briefly 4 4 as provider import matrix-2021-07.xlsx --yes -s works-mail
tell "Beside it stands how mail is returned and removed when somebody leaves."
as provider edit asset-removal -s works-mail --set "returnMethod/en=Mailboxes as files." --set returnWindow=30d --set removalDeadline=60d \
    --set copiesCovered=primary,backup,upstream
as provider publish 2021.2 -m "July review" --yes -s works-mail
as provider sync
tell "The other customer accepts what stands, for itself alone."
quietly second sync
as second accept --where state=open --yes
quietly second note ac-1.a "Hoken: budget meeting on Monday"
quietly second comment ac-1.a "Hoken asks: who approves the policy?"
as second sync
# What Hoken holds of the July workbook, to be compared with it at the end.
"$bin/buntan" --store second matrix --json >matrix-second.json
