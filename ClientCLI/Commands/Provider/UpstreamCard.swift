import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Wording

/// What a service builds on, as a list tells of it: who provides that, for what, and what this store knows of it itself.
struct UpstreamCard {
    private let upstream: UpstreamService
    private let short: String
    /// The handle of the service that builds on it.
    private let usedBy: String
    private let providerName: [String: String]
    /// The newest release of the upstream service, where this store holds it.
    private let release: String?

    static func all(
        of service: KnownService, _ directory: StoreDirectory, _ workspace: Workspace, _ shorts: ShortNames, _ reader: any StoreReader
    ) throws -> [UpstreamCard] {
        try directory.upstream(of: service, reader).map { upstream in
            UpstreamCard(
                upstream: upstream, short: try shorts.of(upstream.record), usedBy: service.handle,
                providerName: upstream.provider.map { directory.name(of: $0) } ?? [:],
                release: try upstream.service.flatMap { try workspace.releases(of: $0.service, reader).last?.label })
        }
    }

    // MARK: words

    static func show(_ cards: [UpstreamCard], _ page: inout Page) {
        guard !cards.isEmpty else { return }
        page.blank()
        page.say(ProviderPhrases.upstreamServices)
        let language = page.language
        var table = Table(columns: [
            Column(.headID, in: language), Column(.headService, in: language, fit: .cut), Column(.headProvider, in: language, fit: .cut),
            Column(.headKind, in: language), Column(.headUsedBy, in: language), Column(.headRelease, in: language),
            Column(.headEngagement, in: language),
        ])
        for card in cards {
            let engagements = card.upstream.engagements.map(\.handle).joined(separator: language == .ja ? "、" : ", ")
            table.rows.append([
                Span(card.short), Span(card.name(language) ?? "-"), Span(card.provider(language) ?? "-"),
                Span(card.said("dependencyType", language) ?? "-"), Span(card.usedBy), Span(card.release ?? "-"),
                Span(engagements.isEmpty ? "-" : engagements),
            ])
        }
        page.table(table)
    }

    /// As the record calls it, else as it is called where this store holds it.
    private func name(_ language: Language) -> String? {
        said("upstreamName", language) ?? upstream.service.map { $0.name.spoken(language.rawValue) ?? $0.handle }
    }

    private func provider(_ language: Language) -> String? {
        upstream.provider.map { providerName.spoken(language.rawValue) ?? $0.shown }
    }

    /// What stands in a field: its value, or all of them where there are several.
    private func said(_ field: String, _ language: Language) -> String? {
        let known = SchemaRegistry.current.kind(upstream.state.kind)?.field(field)
        let values = upstream.state[CellKey(field)]?.heads.compactMap { head in
            head.value.flatMap { $0.isNull ? nil : CodeLabels.printed($0.value, of: known, in: upstream.state.kind, language) }
        }
        var told: [String] = []
        for value in values ?? [] where !value.isEmpty && !told.contains(value) { told.append(value) }
        return told.isEmpty ? nil : told.joined(separator: " / ")
    }

    // MARK: JSON

    var json: JSONValue {
        let provider: JSONValue =
            upstream.provider.map { ["fingerprint": .text($0.fingerprint), "name": .texts(providerName)] } ?? .null
        return .identified(
            upstream.record.uuid, short: short, ("service", .text(orNull: upstream.service?.handle)), ("provider", provider),
            ("engagements", .list(upstream.engagements.map { .text($0.handle) })), ("release", .text(orNull: release)),
            ("fields", RecordFields().json(upstream.state)))
    }
}

extension StoreDirectory {
    /// What an organisation is called here; nothing where it is no more than a fingerprint.
    func name(of organisation: OrganisationID) -> [String: String] {
        organisation == identity.organisation
            ? ownName : engagements.flatMap(\.others).first { $0.organisation == organisation }?.name ?? [:]
    }
}
