# Conflicts of one side with itself, disputes between the two, and signatures. Guide, chapter 2.

chapter "Everybody syncs; what Kaisha's devices wrote differently is shown, not lost"
as office sync
as laptop sync
as office sync
as office conflicts
is "the number of conflicts" "$(get office "len(d['items'])" conflicts)" 3
# resolve WHO ROW FIELD VALUE: takes the value by the number and the mark it was shown with.
resolve() {
    local take seen
    read -r take seen < <(get "$1" "[([h['value'] for h in i['heads']].index('$4')+1, i['seen']) for i in d['items'] if i['row']['controlId']=='$2' and i['field']=='$3'][0]" conflicts | tr -d "(),'")
    as "$1" resolve "$2" "$3" --take "$take" --seen "$seen"
}
tell "The laptop looked at the same list; the office is first, and the laptop is told that the values it saw are gone."
seen=$(get laptop "[i['seen'] for i in d['items'] if i['row']['controlId']=='AU-4'][0]" conflicts)
resolve office "AU-4" allocation shared
resolve office "IA-2(3)" allocation provider
resolve office "AC-2(5)" customerStatement "Sessions end after 15 minutes."
as office sync
quietly laptop sync
refused laptop not-conflicting resolve au-4 allocation --take 2 --seen "$seen"

chapter "Where the two sides differ"
quietly provider sync
as provider use kaisha
as provider disputes
tell "Mail Works takes two proposals, and answers a third."
as provider accept ca-8 au-4
as provider comment ia-2.3 "The console ends where your identity provider begins."
as provider sync
as office sync
as office disputes
tell "Kaisha follows the July review where that moved, gives way where it was answered, and reads what was reworded."
as office status
as office accept ac-2.5 ia-2.3 ia-5 sc-17 sc-19 --yes
as office accept --where state=reworded --yes
as office sync
quietly provider sync
as office status
as office status --lang ja
is "the number of disputes" "$(get office "len(d['items'])" disputes)" 0

chapter "Mail Works and Kaisha sign exactly that, and what happens to the mail at the end"
signatory office "Hanako Yamada" "Information Security Manager"
sign office "Mail Works K.K." --with asset-removal
as office sync
quietly provider sync
sign provider "Kaisha K.K." -e kaisha
as provider sync
quietly office sync
as office agreements
is "the agreement" "$(standing office)" in-force
