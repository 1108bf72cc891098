import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Wording

/// A framework that the organisation has taken in from a catalogue or a profile.
struct StoredFramework {
    struct Control {
        let id: String
        let title: [String: String]
        let groupTitle: [String: String]
        let baselines: Set<String>
        let isWithdrawn: Bool
    }

    let id: String
    let title: [String: String]
    let version: String
    /// Whether a whole catalogue was taken in: else only some of its controls are known here.
    var isWhole: Bool { source != nil }
    /// The name of the file that the catalogue came from.
    let source: String?

    /// Those of a store, by their ids; none where it belongs to no organisation yet.
    static func all(_ reader: any StoreReader) throws -> [StoredFramework] {
        guard let home = try StoreDirectory(reader).home(reader) else { return [] }
        return try reader.records(of: "framework", in: home, after: nil, limit: .max).filter { $0.shown.standing != .deleted }.compactMap {
            stored in
            stored.shown.text("frameworkId").map { id in
                StoredFramework(
                    id: id, title: stored.shown.texts("title"), version: stored.shown.text("version") ?? "",
                    source: stored.shown.text("sourceName"))
            }
        }.sorted { $0.id < $1.id }
    }

    /// The controls of one, in the order of their ids.
    static func controls(of framework: String, in home: SpaceID, _ reader: any StoreReader) throws -> [Control] {
        try byFramework(in: home, reader, only: framework)[framework] ?? []
    }

    /// The controls of each, in the order of their ids.
    static func byFramework(
        in home: SpaceID, _ reader: any StoreReader, only: String? = nil
    ) throws -> [String: [Control]] {
        var found: [String: [Control]] = [:]
        for stored in try reader.records(of: "framework-control", in: home, after: nil, limit: .max) where stored.shown.standing != .deleted
        {
            let state = stored.shown
            guard let framework = state.text("frameworkId"), only == nil || only == framework, let id = state.text("controlId") else {
                continue
            }
            let baselines = state.cells(of: "baselines").compactMap { cell -> String? in
                guard cell.state.filled?.isTrue == true, case .code(let code)? = cell.key.element else { return nil }
                return code
            }
            found[framework, default: []].append(
                Control(
                    id: id, title: state.texts("title"), groupTitle: state.texts("groupTitle"), baselines: Set(baselines),
                    isWithdrawn: state.value("withdrawn") == .bool(true)))
        }
        return found.mapValues { controls in RowKey.sorted(controls) { RowKey(framework: "", controlId: $0.id) } }
    }

    /// What the controls of some frameworks are called, by the row of each.
    static func titles(of frameworks: Set<String>, _ reader: any StoreReader) throws -> [RowKey: [String: String]] {
        guard try all(reader).contains(where: { frameworks.contains($0.id) }), let home = try StoreDirectory(reader).home(reader) else {
            return [:]
        }
        var titles: [RowKey: [String: String]] = [:]
        for (framework, controls) in try byFramework(in: home, reader) where frameworks.contains(framework) {
            for control in controls where !control.title.isEmpty {
                titles[RowKey(framework: framework, controlId: control.id)] = control.title
            }
        }
        return titles
    }

    /// A framework, or one of its baselines, as commands name it: `nist-800-53r5/low`.
    struct Choice {
        let framework: StoredFramework
        let baseline: String?

        /// `nil` where there is no such framework.
        init?(_ typed: String, _ reader: any StoreReader) throws {
            let parts = typed.lowercased().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let found = try StoredFramework.all(reader).first(where: { $0.id.lowercased() == parts[0] }) else { return nil }
            (framework, baseline) = (found, parts.count > 1 ? parts[1] : nil)
        }

        /// Its controls; an error that names the baselines there are where it has none of that name.
        func controls(in home: SpaceID, _ reader: any StoreReader) throws -> [Control] {
            let all = try StoredFramework.controls(of: framework.id, in: home, reader)
            guard let baseline else { return all }
            let known = Set(all.flatMap(\.baselines)).sorted()
            guard known.contains(baseline) else {
                throw CommandFailure(
                    .unknownBaseline, ["framework": .text(framework.id), "baseline": .text(baseline)],
                    candidates: known.map { CommandFailure.Candidate(name: "\(framework.id)/\($0)") })
            }
            return all.filter { $0.baselines.contains(baseline) }
        }
    }

    /// What can be named of a store: each framework, and behind it each of its baselines.
    static func choices(_ reader: any StoreReader) throws -> [String] {
        let baselines = try known(reader).baselines
        return try all(reader).flatMap { framework in
            [framework.id] + (baselines[framework.id] ?? [:]).keys.sorted().map { "\(framework.id)/\($0)" }
        }
    }

    /// What an import's ids are held against, and what profiles choose from: the ids of each framework of which the whole catalogue is
    /// known, and those of each baseline.
    static func known(_ reader: any StoreReader) throws -> (controls: [String: Set<String>], baselines: [String: [String: Set<String>]]) {
        let frameworks = try all(reader)
        guard !frameworks.isEmpty, let home = try StoreDirectory(reader).home(reader) else { return ([:], [:]) }
        let whole = Set(frameworks.filter(\.isWhole).map(\.id))
        let found = try byFramework(in: home, reader)
        let baselines = found.mapValues { controls in
            controls.reduce(into: [String: Set<String>]()) { known, control in
                for baseline in control.baselines { known[baseline, default: []].insert(control.id) }
            }
        }
        return (found.filter { whole.contains($0.key) }.mapValues { Set($0.map(\.id)) }, baselines)
    }
}
