# Kumo and Mail Works: the upper half of the chain. Guide, chapters 1, 2 and 4.

cat <<'END'
Who takes part, each with a store of its own:
  kumo      Kumo IaaS K.K. provides computing
  provider  Mail Works K.K. runs Works Mail on it: Kumo's customer above, a provider below
  office    Kaisha K.K. uses Works Mail; laptop is its second device
  second    Hoken Mutual uses it too
  kensa     Kensa Audit checks
What follows is typed as shown, and printed by the programs; syncs that say nothing new are left out.
END

chapter "Kumo says what its service is, and what it offers (guide, chapter 1)"
tell "The operator of the server lets Kumo in, once."
admit "Kumo IaaS K.K."
as kumo init --org "Kumo IaaS K.K." --label kumo-pc --server "$address" --admission "$code"
as kumo service add "Kumo Compute" --model iaas --deployment public
tell "What makes it a cloud service, by the five characteristics."
as kumo edit cloud-service --set selfService=yes --set broadNetworkAccess=yes --set resourcePooling=yes \
    --set rapidElasticity=yes --set measuredService=yes --set "definedInterface/en=console and API" --set providesBackup=yes
tell "Who does what is a table, as people keep them: kumo.csv."
cat >kumo.csv <<'END'
Framework,Control ID,Allocation,Provider statement (en),Customer action (en)
nist-800-53r4,AU-11,customer,,Keep the logs of what you run.
nist-800-53r4,CP-9(a),shared,Volumes are copied every day.,Copy your databases yourself.
nist-800-53r4,CP-9(b),shared,Images of the platform are copied every day.,Copy your configuration yourself.
nist-800-53r4,MA-2(a),provider,Maintenance is planned and announced.,
nist-800-53r4,MP-6(a),provider,Media are destroyed on site.,
nist-800-53r4,PE-3(a),provider,Two locks and a guard at every door.,
nist-800-53r4,PE-3(b),provider,Visitors are accompanied.,
END
as kumo import kumo.csv --yes
as kumo matrix
tell "Beside the rows stand the records that the standard asks for: backup, laws, monitoring."
as kumo edit backup-specification --set rpo=1d --set retention=30d --set "schedule+={backupType: full, interval: 1d}" \
    --set "scope+={dataSet: system-information, included: yes}" --set "scope+={dataSet: software, included: yes}" \
    --set "scope+={dataSet: customer-data, included: yes}" --set "storageLocations+={country: JP, separateFromPrimary: yes}" \
    --set "integrityCheckProcedure/en=Checksums, every day."
as kumo edit jurisdiction --set country=JP --set basis=data-location --set "lawName/en=Act on the Protection of Personal Information"
as kumo edit jurisdiction --set country=US --set basis=provider-establishment --set "lawName/en=CLOUD Act"
as kumo edit monitoring-capability --set ownInstancesOnly=yes --set "accessControl/en=Your own administrators only." \
    --set "items+={itemKey: availability, method: console, interval: 5min}" \
    --set "items+={itemKey: login, method: log-export, interval: 1h, retention: 90d}"
as kumo publish 1 -m "first release" --yes
as kumo sync

chapter "Mail Works, Kumo's customer, takes the matrix along and answers it (guide, chapter 2)"
invite kumo "Mail Works K.K."
tell "The code goes to them by a way that both trust."
as provider init --org "Mail Works K.K." --label console
as provider join "$code"
quietly kumo sync
tell "Kumo compares the fingerprint by telephone, and confirms."
as kumo confirm mail-works --yes
as provider accept pe-3 ma-2.a mp-6.a
tell "The rest is answered row by row, a key each: 'a' accepts, 'p' proposes something else and says why."
printf '\nprovider$ buntan answer\n'
printf 'a\na\np\ncustomer\nwe write our images ourselves\n' | "$bin/buntan" --store provider answer 2>&1
as provider status
quietly provider sync
quietly kumo sync
tell "Kumo sees where the two differ. That is a dispute, no fault; it agrees."
as kumo disputes
as kumo accept cp-9.b
quietly kumo sync
quietly provider sync

chapter "What is offered is held against what is needed; each gap is followed to its approval (guide, chapters 2 and 4)"
tell "What Mail Works needs stays private: sealed for its own devices, also on the server."
as provider edit backup-requirement --set maxRpo=4h --set minRetention=14d
as provider edit jurisdiction-policy --set acceptedCountries=JP --set rejectedCountries=US
as provider edit monitoring-requirement --set "requiredItems+={itemKey: login, method: log-export, minRetention: 365d}"
as provider gaps
# gap RULE: the name of the gap that this rule finds.
gap() { get provider "next(i['name'] for i in d['items'] if '$1' in i['rules'])" gaps; }
backup=$(gap BKP-5) login=$(gap MON-5)
tell "Backup: a risk, which is too high; a treatment; what is left of it is approved by its owner."
as provider edit risk --gap "$backup" --set ownerName=Mori --set consequence=3 --set likelihood=2 --set level=6 --set acceptanceLevel=4 \
    --set assessedOn="$today"
as provider edit risk-treatment --gap "$backup" --set option=modify --set "planText/en=Copies of our own every four hours." \
    --set ownerName=Mori --set dueOn="$next-03-31"
as provider edit risk-acceptance --gap "$backup" --set planApproved=yes --set residualLevel=2
tell "Monitoring: a measure of its own closes what is missing, and what is left is accepted."
as provider edit supplementary-measure --gap "$login" --set "measure/en=We keep login logs for a year ourselves." \
    --set inPlaceFrom="$today"
as provider edit risk --gap "$login" --set ownerName=Mori --set consequence=2 --set likelihood=1 --set level=2 --set acceptanceLevel=4 \
    --set assessedOn="$today"
as provider edit risk-acceptance --gap "$login" --set planApproved=yes --set residualLevel=1
tell "Jurisdictions: one that Mail Works had ruled out is accepted, on a condition that Kumo reads."
law=$(get provider "next(i['short'] for i in d['items'] if i['fields']['country'] == 'US')" list jurisdiction)
as provider edit jurisdiction-position "$law" --set customerDecision=accepted-with-conditions \
    --set "decisionNote/en=Only for what we encrypt ourselves."
as provider gaps
is "the gaps that nobody has followed through" "$(get provider "sum(i['stage'] != 'approved' for i in d['items'])" gaps)" 0

chapter "Kumo and Mail Works sign: rows, and what stands beside them"
signatory kumo "Kyoko Kumo" "Head of Compute"
signatory provider "Ichiro Sato" "Head of Service"
quietly provider sync
sign provider "Kumo IaaS K.K." --with backup,jurisdictions,jurisdiction-position,monitoring
quietly provider sync
quietly kumo sync
sign kumo "Mail Works K.K."
quietly kumo sync
as provider sync
is "the agreement with Kumo" "$(standing provider)" in-force
