# Years later: a disk is lost, and a customer leaves.

chapter "The server's disk is lost, and what its copy lacks comes back from those who hold it"
operator backup copy.db --data server
as office comment cp-9.a "Said after the copy was made."
as office sync
tell "The disk is gone. The operator puts the copy in its place."
kill -KILL "$server"
wait "$server" 2>/dev/null || true
rm -f server/store.db server/store.db-wal server/store.db-shm
mv copy.db server/store.db
serve
as office sync
as provider sync
as provider find "after the copy" -e kaisha
is "what was found" "$(get provider "len(d['items'])" find "after the copy" -e kaisha)" 1

chapter "Hoken leaves: a day, a reason, and what becomes of its mail"
quietly second sync
as second engagement end mail-works/works-mail --on "$next-03-31" -m "moving elsewhere" --yes
quietly second sync
quietly provider sync
removal=$(get provider "d['items'][0]['short']" list asset-removal -s works-mail)
tell "Each side says what it has done of what was promised."
as provider edit asset-removal-position "$removal" -e hoken --set contractEndedOn="$next-03-31" --set removedOn="$next-05-10"
quietly provider sync
quietly second sync
as second edit asset-removal-position "$removal" --set customerConfirmedOn="$next-05-20"
quietly second sync
quietly provider sync
as provider list asset-removal-position -e hoken
as second engagements --at "$next-04-01"
