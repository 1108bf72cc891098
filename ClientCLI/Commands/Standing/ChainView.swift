import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

/// Reads chains of rows out of a store, each thing once.
final class ChainReading {
    private let selector: Selector
    private let workspace: Workspace
    private let reader: any StoreReader
    private let shorts: ShortNames
    private var agreements: [SpaceID: [KnownAgreement]] = [:]
    private var reliances: [SpaceID: [Reliance]] = [:]
    private var touched: [SpaceID: [TouchedRow]] = [:]

    init(_ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader) throws {
        (self.selector, self.workspace, self.reader) = (selector, workspace, reader)
        shorts = ShortNames(reader)
    }

    private var directory: StoreDirectory { selector.directory }
    private var invocation: Invocation { selector.invocation }
    private var language: Language { selector.invocation.language }

    private func reliances(of service: KnownService) throws -> [Reliance] {
        if let known = reliances[service.service] { return known }
        let read = try workspace.reliances(of: service, directory, day: { invocation.day(in: $0) }, reader)
        reliances[service.service] = read
        return read
    }

    /// The rows of an own service that rest on something that has changed since; a row that rests on several, once for each.
    private func touches(of service: KnownService) throws -> [TouchedRow] {
        if let known = touched[service.service] { return known }
        let read = try reliances(of: service).flatMap { try workspace.touchedRows(by: $0, reader) }
        touched[service.service] = read
        return read
    }

    func touched(of service: KnownService) throws -> [TouchedRow] {
        var seen: Set<RowKey> = []
        return RowKey.sorted(try touches(of: service).filter { seen.insert($0.key).inserted }, by: \.key)
    }

    private func binding(of engagement: KnownEngagement) throws -> KnownAgreement? {
        if let known = agreements[engagement.space] { return known.binding }
        let read = try workspace.agreements(of: engagement, day: { invocation.day(in: $0) }, reader)
        agreements[engagement.space] = read
        return read.binding
    }

    // MARK: chains

    func trace(_ key: RowKey, of service: KnownService, only: KnownEngagement?) throws -> ChainView {
        let chain = try SupplyChain(of: service, only: only, directory, reader)
        return ChainView(
            key: key, service: service, title: try ControlView(of: key)?.control.title.text(in: language),
            links: try chain.links.map { try link($0, key) })
    }

    private func link(_ link: SupplyChain.Link, _ key: RowKey) throws -> ChainView.Link {
        guard let service = link.service else {
            let state = link.dependency?.state
            let provider = link.dependency?.provider
            return ChainView.Link(
                depth: link.depth, name: state?.text("upstreamName").map { ["en": $0] } ?? [:], service: nil,
                provider: provider.map { ($0, directory.name(of: $0)) }, dependency: link.dependency?.record, release: nil, rows: [],
                touches: [])
        }
        let space = service.draft ?? service.service
        let engaged = link.engagements
        let provider =
            service.isOwn ? directory.identity.organisation : engaged.first.map { $0.seat == .provider ? $0.party : $0.counterpart }
        let touches = try service.isOwn ? touches(of: service) : []
        var rows: [ChainView.Row] = []
        var met: [ChainView.Touch] = []
        for alike in try workspace.rows(like: key, in: space, reader) {
            let alone = MatrixRow(alike, try reader.shown(alike.responsibility(in: space), in: space), in: space)
            if engaged.isEmpty { rows.append(ChainView.Row(row: alone, engagement: nil, signed: nil)) }
            for engagement in engaged {
                let binding = try binding(of: engagement)
                let covering = binding.flatMap { $0.content.outline.rows.contains(alike) ? $0 : nil }
                rows.append(
                    ChainView.Row(
                        row: try workspace.row(alike, of: engagement, reader), engagement: engagement,
                        signed: try covering.map { ($0.id, try shorts.of($0.id), $0.differingRows.contains(alike)) }))
            }
            met += try touches.filter { $0.key == alike }.compactMap { touch in
                guard case .agreement(let agreement) = touch.reliance.basis else { return nil }
                return ChainView.Touch(
                    row: alike, engagement: touch.reliance.engagement, agreement: (agreement.id, try shorts.of(agreement.id)),
                    changed: touch.changed)
            }
        }
        return ChainView.Link(
            depth: link.depth, name: service.name, service: service, provider: provider.map { ($0, directory.name(of: $0)) },
            dependency: link.dependency?.record, release: try workspace.releases(of: service.service, reader).last?.label, rows: rows,
            touches: met)
    }

    // MARK: what a whole service rests on

    /// What there is to say of all rows of an own service, and what to type.
    func sum(of service: KnownService) throws -> ChainSum {
        let name = Fact.text(service.name.spoken(language.rawValue) ?? service.handle)
        let reliances = try reliances(of: service)
        let count = try touched(of: service).count
        var sum = ChainSum()
        if count > 0 {
            sum.say(.touchedHeading, ["n": .number(count), "service": name], .warning)
        } else if try directory.upstream(of: service, reader).isEmpty {
            sum.say(.noUpstream, ["service": name], next: "buntan edit service-dependency -s \(service.handle)")
        } else if reliances.contains(where: \.isTold) || reliances.isEmpty {
            sum.say(.touchedNone, ["service": name])
        }
        for reliance in reliances {
            let engagement = reliance.engagement
            var facts: Facts = ["upstream": .text(engagement.serviceName.spoken(language.rawValue) ?? engagement.handle), "service": name]
            if let end = engagement.end {
                facts["end"] = .text(end.text(on: invocation.today, in: language))
                sum.say(.upstreamEnds, facts, .warning)
            }
            switch reliance.basis {
            case .none: sum.say(.unsigned, facts, next: "buntan agree -e \(engagement.handle)")
            case .elsewhere(let digest):
                facts["digest"] = .text(String(digest.hex.prefix(16)))
                sum.say(.reliesElsewhere, facts, next: "buntan agreements -e \(engagement.handle)")
            case .agreement(let agreement):
                if let newer = reliance.newer {
                    facts["id"] = .text(try shorts.of(newer.id))
                    let dependency = try shorts.of(reliance.dependency.record)
                    sum.say(
                        .signedSince, facts,
                        next: "buntan edit service-dependency \(dependency) -s \(service.handle) "
                            + "--set upstreamMatrixRevision=\(try shorts.of(newer.id))")
                } else if !reliance.isNamed {
                    facts["id"] = .text(try shorts.of(agreement.id))
                    let dependency = try shorts.of(reliance.dependency.record)
                    sum.say(
                        .unrecorded, facts,
                        next: "buntan edit service-dependency \(dependency) -s \(service.handle) "
                            + "--set upstreamMatrixRevision=\(try shorts.of(agreement.id))")
                }
                if !reliance.changed.isEmpty, reliance.newer == nil {
                    sum.lines.append((nil, [:], .plain, "buntan diff \(try shorts.of(agreement.id)) -e \(engagement.handle)"))
                }
            }
        }
        return sum
    }
}

/// What there is to say of a whole service, with what to type after it.
struct ChainSum {
    fileprivate(set) var lines: [(said: ChainPhrases?, facts: Facts, style: Style, next: String?)] = []

    fileprivate mutating func say(_ said: ChainPhrases, _ facts: Facts, _ style: Style = .plain, next: String? = nil) {
        lines.append((said, facts, style, next))
    }

    func show(_ page: inout Page) {
        for line in lines {
            if let said = line.said { page.say(said, line.facts, line.style) }
            if let next = line.next { page.next(next) }
        }
    }
}

extension Reliance {
    /// Whether what it relies on is here, so that a change can be told.
    fileprivate var isTold: Bool { if case .agreement = basis { true } else { false } }
}

/// One row along the chain, for people and programs.
struct ChainView {
    struct Row {
        let row: MatrixRow
        /// `nil` where nobody takes a position on it: the draft, or what is published to all.
        let engagement: KnownEngagement?
        /// What both have signed last, where it covers the row, and whether the row is another one now.
        let signed: (agreement: RecordID, short: String, isStale: Bool)?
    }

    /// A row of the service that rests on what has changed since it was signed.
    struct Touch {
        let row: RowKey
        /// Where it was signed.
        let engagement: KnownEngagement
        let agreement: (id: RecordID, short: String)
        /// The rows of the service above.
        let changed: [RowKey]
    }

    struct Link {
        let depth: Int
        let name: [String: String]
        let service: KnownService?
        let provider: (organisation: OrganisationID, name: [String: String])?
        let dependency: RecordID?
        let release: String?
        let rows: [Row]
        let touches: [Touch]
    }

    let key: RowKey
    /// The service that is meant.
    let service: KnownService
    let title: String?
    let links: [Link]

    // MARK: words

    func show(_ page: inout Page) {
        let language = page.language
        page.line(Span(key.shown, .strong), Span("  \(title.map { $0 + "  " } ?? "")\(key.framework)"))
        // Which of the rows of a control a service has is said where it is another one.
        let isVaried = links.contains { $0.rows.contains { $0.row.key != key } }
        var columns = [
            Column(.headProvider, in: language, fit: .cut), Column(.headService, in: language, fit: .cut),
            Column(.headCustomer, in: language, fit: .cut), Column(.headRow, in: language), Column(.headAllocation, in: language),
            Column(.headState, in: language), Column(.headAgreement, in: language),
        ]
        var rows = links.flatMap { cells(of: $0, language) }
        if !isVaried {
            columns.remove(at: Self.rowColumn)
            for index in rows.indices { rows[index].remove(at: Self.rowColumn) }
        }
        page.table(Table(columns: columns, rows: rows))
        for link in links {
            var told: Set<String> = []
            for row in link.rows {
                guard let text = row.row.row?.texts("providerStatement").spoken(language.rawValue), told.insert(text).inserted else {
                    continue
                }
                page.paragraph("\(provider(of: link, language)): \(text.visible)", .faint, indent: 2)
            }
        }
        for link in links {
            for touch in link.touches {
                page.say(
                    ChainPhrases.touched,
                    [
                        "upstream": .text(touch.engagement.serviceName.spoken(language.rawValue) ?? touch.engagement.handle),
                        "id": .text(touch.agreement.short), "row": .text(touch.row.shown),
                        "service": .text(link.name.spoken(language.rawValue) ?? "-"),
                    ], .warning, indent: 2)
            }
        }
    }

    private static let (rowColumn, columns) = (3, 7)

    private func provider(of link: Link, _ language: Language) -> String {
        link.provider.map { $0.name.spoken(language.rawValue) ?? $0.organisation.shown } ?? "-"
    }

    private func cells(of link: Link, _ language: Language) -> [[Span]] {
        let spoken = language.rawValue
        let provider = provider(of: link, language)
        let name = link.name.spoken(spoken) ?? link.service?.handle ?? "-"
        func cells(_ customer: String, _ rest: [String]) -> [Span] {
            let filled = [provider, name, customer] + rest
            return (filled + Array(repeating: "", count: Self.columns - filled.count)).map { Span($0) }
        }
        guard link.service != nil else { return [cells("-", ["-", "-", ChainPhrases.notHere.text(in: language)])] }
        guard !link.rows.isEmpty else { return [cells("-", ["-", "-", ChainPhrases.noRow.text(in: language)])] }
        return link.rows.map { row in
            let customer = row.engagement.map { engagement in
                let name = engagement.seat == .customer ? engagement.partyName : engagement.counterpartName
                return name.spoken(spoken) ?? engagement.handle
            }
            let state =
                row.engagement == nil
                ? link.release ?? TermPhrases.draft.text(in: language) : row.row.negotiation.state.phrase.text(in: language)
            let signed = row.signed.map { signed in
                signed.isStale ? ChainPhrases.signedOtherwise.text(in: language, ["id": .text(signed.short)]) : signed.short
            }
            return cells(
                customer ?? ChainPhrases.everyCustomer.text(in: language),
                [
                    row.row.key.shown, row.row.negotiation.provider.shown(language), state, signed ?? "-",
                ])
        }
    }

    // MARK: JSON

    func json(_ reader: any StoreReader) throws -> JSONValue {
        [
            "row": key.json, "service": .text(service.handle), "isTouched": .bool(links.contains { !$0.touches.isEmpty }),
            "chain": .list(try links.map { try Self.json($0, reader) }),
        ]
    }

    private static func json(_ link: Link, _ reader: any StoreReader) throws -> JSONValue {
        let rows = try link.rows.map { row in
            let selection = row.engagement.map { Selection.engagement($0) } ?? link.service.map { .service($0) }
            let signed: JSONValue =
                row.signed.map { ["id": .text($0.agreement.uuid), "short": .text($0.short), "isStale": .bool($0.isStale)] } ?? .null
            let form = try selection.map { try RowForms($0, reader).json(row.row) } ?? .null
            return form.adding(("engagement", .text(orNull: row.engagement?.handle)), ("agreement", signed))
        }
        let touches: [JSONValue] = link.touches.map { touch in
            [
                "engagement": .text(touch.engagement.handle), "agreement": .text(touch.agreement.id.uuid),
                "short": .text(touch.agreement.short), "rows": .list(touch.changed.map(\.json)),
            ]
        }
        return [
            "depth": .number(link.depth), "service": .text(orNull: link.service?.handle), "name": .texts(link.name),
            "provider": link.provider.map { ["fingerprint": .text($0.organisation.fingerprint), "name": .texts($0.name)] } ?? .null,
            "dependency": .text(orNull: link.dependency?.uuid), "release": .text(orNull: link.release), "rows": .list(rows),
            "touches": .list(touches),
        ]
    }
}
