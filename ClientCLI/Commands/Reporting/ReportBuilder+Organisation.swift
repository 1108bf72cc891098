import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Wording

// The organisation as a whole: its services, and with whom it shares what.

extension ReportBuilder {
    func services() throws -> ReportDocument.Section {
        let shorts = ShortNames(reader)
        let rows = try selector.directory.services.map { service in
            let card = try ServiceCard(service, selector.directory, workspace, reader)
            return ReportDocument.Row(
                cells: [
                    [spoken(service.name) ?? .words(service.handle)], [.words(card.ownership.text(in: language))],
                    [card.release.map { .typed($0) } ?? .faint(say(.neverReleased))], [.words(card.retired ?? "–")],
                ],
                value: try card.json(shorts).adding(
                    ("upstream", .list(try UpstreamCard.all(of: service, selector.directory, workspace, shorts, reader).map(\.json)))))
        }
        let table = ReportDocument.Table(
            name: "services", caption: say(.servicesCaption), form: .stacked,
            columns: [column(.headService, .text), column(.headKind, .name), column(.headRelease, .name), column(.headRetired, .day)],
            rows: rows)
        return ReportDocument.Section(name: .services, title: say(.sectionServices), tables: [table], none: say(.noServices))
    }

    func engagements() throws -> ReportDocument.Section {
        let shorts = ShortNames(reader)
        let rows = try selector.directory.engagements.map { engagement in
            let card = try EngagementCard(engagement, selector, workspace, on: asked, naming: shorts, reader)
            let confirmed = engagement.isConfirmed ? EngagementPhrases.isConfirmed : .notConfirmed
            var state: [ReportDocument.Run] = [
                engagement.audit.map { .words($0.text(times, in: language)) }
                    ?? .mark(confirmed.text(in: language), engagement.isConfirmed ? .good : .warning)
            ]
            if let end = engagement.end { state += [.next, .words(end.text(on: day, in: language))] }
            return ReportDocument.Row(
                cells: [
                    [.typed(others(of: engagement))],
                    [spoken(engagement.serviceName) ?? .words("–")], [.words(card.rows(language))], [.words(card.worth(language))], state,
                ], value: try card.json(shorts))
        }
        let table = ReportDocument.Table(
            name: "engagements", caption: say(.engagementsCaption), form: .stacked,
            columns: [
                column(.headCounterpart, .name), column(.headService, .name), column(.headRows, .text), column(.headAgreement, .name),
                column(.headState, .name),
            ], rows: rows)
        return ReportDocument.Section(name: .engagements, title: say(.sectionEngagements), tables: [table], none: say(.noEngagements))
    }
}
