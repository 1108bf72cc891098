# What Mail Works keeps for its certification, and an auditor who reads. Guide, chapters 3 to 5.

chapter "Mail Works says what is certified: both positions (guide, chapter 3)"
as provider use works-mail
as provider edit scope-statement --set criterion=jip-isms517-1.0 --set pattern=c --set activities=operation,support \
    --set "boundaryText/en=Works Mail and what it runs on." \
    --set "services+={serviceId: works-mail, serviceName: {en: Works Mail}, position: both, activity: builds-and-provides}"
tell "The rules say what is missing, why, and what to type."
finds provider check --group SCOPE
scope=$(get provider "d['items'][0]['short']" list scope-statement)
as provider edit scope-statement "$scope" --set customerRelationInRisk=yes --set approvedBy="Sato, CEO" --set approvedOn="$today" \
    --set "ismsScopeServices+={text: {en: Works Mail}}"
as provider check --group SCOPE

chapter "The statement of applicability, the internal audit, the management review (guide, chapter 4)"
as provider soa start --position both --yes
tell "Decided by clause first, then one by one where there is more to say."
as provider soa set 5 6 7 8 9 10 11 12 13 15 16 17 18 CLD --applicable yes --reason "part of running mail for others" \
    --implemented implemented --yes
as provider soa set 14 --applicable no --reason "nothing is developed here" --yes
as provider soa set 12.3.1 --applicable yes --reason "mailboxes must not be lost" --implemented implemented
as provider soa 12.3 14.1
tell "What was audited, and what management made of it."
as provider edit internal-audit --set performedOn="$today" --set plannedInterval=1y --set criteria=jisq27001,jip-isms517 \
    --set coveredServiceIds=works-mail --set coveredPositions=provider,customer --set "auditors+={name: Kanda, department: Audit}"
as provider edit management-review --set heldOn="$today" --set plannedInterval=1y --set cloudCoverage=works-mail \
    --set "inputD/en=Kaisha asks where copies are kept." \
    --set "outputImprovements+={decision: {en: Copy every two hours.}, ownerName: Mori, dueOn: $next-03-31}"

chapter "Telework, own devices, things and AI (guide, chapter 5)"
as provider edit emerging-theme --set theme=telework --set inUse=yes --set environments=home --set personalDevices=no \
    --set reviewedOn="$today"
finds provider check --group EMT --limit 2
quietly provider sync

chapter "An auditor is let in for a time; both parties see it, and it cannot write"
admit "Kensa Audit" >/dev/null
quietly kensa init --org "Kensa Audit" --label kensa-pc --server "$address" --admission "$code" >/dev/null
kensa=$(fingerprint kensa)
quietly kensa sync
as provider auditor add "$kensa" -e kaisha --yes
as office sync
as office auditors
as kensa sync
as kensa status
as kensa agreements
as kensa matrix cp-9
briefly 5 3 as kensa verify "$(get kensa "d['items'][-1]['short']" agreements)"
refused kensa auditor-reads accept cp-9.a
