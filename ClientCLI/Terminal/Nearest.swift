/// Finds what somebody may have meant.
enum Nearest {
    /// Returns the known words closest to `word`, best first, at most `limit`; words too far off are left out.
    static func words(to word: String, among known: some Sequence<String>, limit: Int = 3) -> [String] {
        let typed = Array(word.lowercased())
        let allowed = max(1, typed.count / 3)
        let scored = known.compactMap { candidate -> (distance: Int, word: String)? in
            let letters = Array(candidate.lowercased())
            let isBeginning = typed.count >= 2 && letters.starts(with: typed)
            let distance = isBeginning ? 0 : distance(typed, letters)
            return distance <= allowed ? (distance, candidate) : nil
        }
        return scored.sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }.prefix(limit).map(\.word)
    }

    /// Returns how many letters must be added, removed, replaced or swapped with their neighbour.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            before = last
            last = row
        }
        return last[b.count]
    }
}
