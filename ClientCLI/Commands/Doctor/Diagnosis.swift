import Wording

/// One line of `doctor`: how it stands with one thing, and the remedy where there is something to do.
struct DoctorLine: Sendable {
    enum Level: String, Sendable { case ok, warn, fail }

    let level: Level
    let phrase: DoctorPhrases
    let facts: Facts

    init(_ level: Level, _ phrase: DoctorPhrases, _ facts: Facts = [:]) {
        self.level = level
        self.phrase = phrase
        self.facts = facts
    }

    var mark: DoctorPhrases {
        switch level {
        case .ok: .ok
        case .warn: .warn
        case .fail: .fail
        }
    }

    var style: Style {
        switch level {
        case .ok: .good
        case .warn: .warning
        case .fail: .bad
        }
    }
}

/// Says what the facts mean, in one order.
enum Diagnosis {
    static func lines(of facts: DoctorFacts) -> [DoctorLine] {
        var lines = [DoctorLine(.ok, .versionOk, ["version": .text(facts.version)])]
        lines += settings(facts.settingsFaults)
        lines.append(store(facts))
        if let free = facts.freeMiB {
            let isLow = free < DoctorFacts.leastFreeMiB
            lines.append(DoctorLine(isLow ? .warn : .ok, isLow ? .diskLow : .diskOk, ["free": .number(free)]))
        }
        if let keys = facts.keys { lines.append(self.keys(keys)) }
        if let device = facts.device { lines.append(self.device(device)) }
        lines += history(facts)
        lines += outbox(facts)
        lines += counterparts(facts)
        lines += server(facts)
        return lines
    }

    static func settings(_ faults: [(path: String, fault: SettingsFile.Fault)]) -> [DoctorLine] {
        let known = SettingKey.allCases.map(\.rawValue).joined(separator: ", ")
        return faults.map { path, fault in
            switch fault {
            case .notASetting(let line, let text):
                DoctorLine(
                    .warn, .configUnknownKey, ["path": .text(path), "line": .number(line), "key": .text(text), "known": .text(known)])
            case .unknownKey(let line, let key):
                DoctorLine(
                    .warn, .configUnknownKey, ["path": .text(path), "line": .number(line), "key": .text(key), "known": .text(known)])
            case .badValue(let line, let key, let value):
                DoctorLine(
                    .warn, .configBadValue,
                    ["path": .text(path), "line": .number(line), "key": .text(key.rawValue), "value": .text(value)])
            }
        }
    }

    private static func store(_ facts: DoctorFacts) -> DoctorLine {
        let path: Fact = .text(facts.path)
        switch facts.store {
        case .none: return DoctorLine(.fail, .storeNone, ["path": path])
        case .sound(let entries, let version):
            return DoctorLine(.ok, .storeOk, ["path": path, "entries": .number(entries), "version": .number(version)])
        case .newer(let found, let known):
            return DoctorLine(.fail, .storeNewer, ["found": .number(found), "known": .number(known)])
        case .damaged(let place): return DoctorLine(.fail, .storeDamaged, ["place": .text(place)])
        case .locked(let process): return DoctorLine(.fail, .storeLocked, ["process": process.map { .number($0) } ?? "?"])
        case .readOnly: return DoctorLine(.fail, .storeReadOnly, ["path": path])
        case .notDurable(let name, let found, let expected):
            return DoctorLine(.fail, .storeNotDurable, ["name": .text(name), "found": .text(found), "expected": .text(expected)])
        }
    }

    private static func keys(_ keys: DoctorFacts.Keys) -> DoctorLine {
        switch keys {
        case .sealed: DoctorLine(.ok, .keysOk)
        case .unsealed: DoctorLine(.warn, .keysUnsealed)
        case .openToOthers(let path, let mode): DoctorLine(.fail, .keysMode, ["path": .text(path), "mode": .text(mode)])
        case .missing(let path): DoctorLine(.fail, .keysMissing, ["path": .text(path)])
        case .foreign(let path): DoctorLine(.fail, .keysForeign, ["path": .text(path)])
        }
    }

    private static func device(_ device: DoctorFacts.Device) -> DoctorLine {
        switch device {
        case .enrolled(let label, let capabilities):
            DoctorLine(.ok, .deviceOk, ["label": .text(label), "caps": .text(capabilities)])
        case .disowned: DoctorLine(.fail, .deviceDisowned)
        case .revoked(let day, let label): DoctorLine(.fail, .deviceRevoked, ["date": .text(day), "label": .text(label)])
        }
    }

    private static func history(_ facts: DoctorFacts) -> [DoctorLine] {
        guard case .sound = facts.store else { return [] }
        let lies =
            facts.contradictions.map { DoctorLine(.fail, .serverLies, ["space": .text($0.space), "path": .text($0.evidence)]) }
            + facts.fellBack.map { DoctorLine(.fail, .serverBehind, ["space": .text($0)]) }
            + facts.forgotten.map { DoctorLine(.fail, .serverForgets, ["space": .text($0)]) }
            + facts.withheld.map { DoctorLine(.fail, .serverWithholds, ["space": .text($0.space), "n": .number($0.entries)]) }
        if !lies.isEmpty { return lies }
        return [
            facts.unread + facts.unverified > 0
                ? DoctorLine(.warn, .catchingUp, ["left": .number(facts.unread + facts.unverified)])
                : DoctorLine(.ok, .historyOk, ["n": .number(facts.entries)])
        ]
    }

    private static func outbox(_ facts: DoctorFacts) -> [DoctorLine] {
        guard case .sound = facts.store else { return [] }
        var lines: [DoctorLine] = []
        if facts.refused > 0 { lines.append(DoctorLine(.warn, .outboxRefused, ["n": .number(facts.refused)])) }
        if let oldest = facts.oldestPending, oldest.isOld {
            lines.append(DoctorLine(.warn, .outboxOld, ["n": .number(facts.pending), "date": .text(oldest.day)]))
        } else if facts.refused == 0 || facts.pending > 0 {
            lines.append(DoctorLine(.ok, .outboxOk, ["n": .number(facts.pending)]))
        }
        return lines
    }

    private static func counterparts(_ facts: DoctorFacts) -> [DoctorLine] {
        var lines = facts.unconfirmed.map { DoctorLine(.warn, .unconfirmed, ["name": .text($0.name), "handle": .text($0.handle)]) }
        if facts.confirmed > 0 { lines.append(DoctorLine(.ok, .counterpartsOk, ["n": .number(facts.confirmed)])) }
        return lines
    }

    private static func server(_ facts: DoctorFacts) -> [DoctorLine] {
        guard let server = facts.server else { return [] }
        var lines: [DoctorLine] = []
        let address: Fact = .text(facts.address ?? "-")
        if let proxy = facts.proxy { lines.append(DoctorLine(.ok, .proxyUsed, ["proxy": .text(proxy)])) }
        switch server {
        case .none: lines.append(DoctorLine(.ok, .serverNone))
        case .answers(let milliseconds, let version):
            lines.append(
                DoctorLine(.ok, .serverOk, ["server": address, "milliseconds": .number(milliseconds), "version": .number(version)]))
        case .unreachable(let reason): lines.append(DoctorLine(.fail, .serverUnreachable, ["server": address, "reason": reason]))
        case .notBuntan: lines.append(DoctorLine(.fail, .serverNotBuntan, ["server": address]))
        case .older(let found, let needed):
            lines.append(DoctorLine(.fail, .serverOlder, ["found": .number(found), "needed": .number(needed)]))
        case .newer(let found, let known):
            lines.append(DoctorLine(.fail, .serverNewer, ["found": .number(found), "known": .number(known)]))
        }
        if let compared = facts.compared, compared > 0, facts.unlike.isEmpty {
            lines.append(DoctorLine(.ok, .statesOk, ["n": .number(compared)]))
        }
        lines += facts.unlike.map { DoctorLine(.fail, .statesDiffer, ["space": .text($0)]) }
        switch facts.certificate {
        case nil: break
        case .valid(let day)?: lines.append(DoctorLine(.ok, .certificateOk, ["date": .text(day)]))
        case .endsSoon(let day)?: lines.append(DoctorLine(.warn, .certificateSoon, ["date": .text(day)]))
        case .bad(let reason)?: lines.append(DoctorLine(.fail, .certificateBad, ["reason": reason]))
        case .plain?: lines.append(DoctorLine(.ok, .certificatePlain, ["server": address]))
        }
        if let seconds = facts.clockSeconds {
            let isOff = abs(seconds) > DoctorFacts.clockToleranceSeconds
            lines.append(DoctorLine(isOff ? .warn : .ok, isOff ? .clockOff : .clockOk, ["seconds": .number(seconds)]))
        }
        return lines
    }
}
