# A change above is followed down to the customers. Guide, chapter 2.

chapter "Kumo changes its backup: the change is followed down the chain (guide, chapter 2)"
spec=$(get kumo "d['items'][0]['short']" list backup-specification)
as kumo edit responsibility cp-9.a --set "providerStatement/en=Volumes are copied every four hours, to Osaka as well."
as kumo edit backup-specification "$spec" --set rpo=4h
tell "The rules hold that against the rest of the record: what is promised needs a schedule that keeps it."
finds kumo check --group BKP-13 -s kumo-compute
as kumo edit backup-specification "$spec" --set "schedule+={backupType: incremental, interval: 4h}"
as kumo publish 2 -m "shorter intervals" --yes
quietly kumo sync
tell "Mail Works is told: what it signed with Kumo is stale, and one of its own rows rests on that."
as provider sync
as provider trace -s works-mail
is "the rows that rest on the change" "$(get provider "len(d['items'])" trace -s works-mail)" 1
as provider diff "$(get provider "d['items'][0]['short']" agreements -e kumo-iaas)" -e kumo-iaas
tell "The backup is now what it needs; the gap is closed."
as provider gaps backup -e kumo-iaas
as provider accept cp-9.a -e kumo-iaas
quietly provider sync
quietly kumo sync
sign kumo "Mail Works K.K." --with backup,jurisdictions,jurisdiction-position,monitoring
quietly kumo sync
quietly provider sync
briefly 0 2 sign provider "Kumo IaaS K.K." -e kumo-iaas
quietly provider sync
quietly kumo sync
is "the agreement with Kumo" "$(standing provider -e kumo-iaas)" in-force

chapter "Mail Works tells its own customers: their agreement is stale, and says where"
tell "It answers what Kaisha had asked, and rewords its row."
as provider comment cp-9.a "In Tokyo and Osaka, since Kumo copies to both."
as provider edit responsibility cp-9.a -s works-mail \
    --set "customerAction/en=Take backups of your own at intervals that suit you. Ours are copied to Osaka every four hours."
tell "The row stays marked until somebody has looked at it and says so."
relies provider
as provider publish 2021.3 -m "copies in Osaka" --yes -s works-mail
quietly provider sync
as provider trace -s works-mail
is "the rows that rest on the change" "$(get provider "len(d['items'])" trace -s works-mail)" 0
tell "Kaisha is told. It sees that there is a service above, and nothing of what is agreed there."
as office sync
as office trace cp-9.a
as office agreements
is "the agreement" "$(standing office)" stale
first=$(get office "d['items'][0]['short']" agreements)
as office diff "$first"
as office accept cp-9.a
quietly office sync
sign office "Mail Works K.K." --with asset-removal
quietly office sync
quietly provider sync
briefly 0 2 sign provider "Kaisha K.K." -e kaisha
quietly provider sync
quietly office sync
as office agreements
is "the agreement" "$(standing office)" in-force
is "the agreement, for the provider" "$(standing provider -e kaisha)" in-force
