import Wording

/// What the JSON of a command says about where it was asked (commands.md section 7).
struct ReportContext: Sendable, Equatable {
    var organisation: String?
    var service: String?
    var engagement: String?
    /// `provider` or `customer`.
    var side: String?
    var log: LogView?
    /// The day that was asked for; `nil` where none was.
    var asOf: AskedDay?
    /// Whether the store holds more than this, so that people have to be told which one is meant. Programs always are.
    var isOneOfSeveral = false

    /// What is meant, as `use` takes it.
    var handle: String? { engagement ?? service }

    struct LogView: Sendable, Equatable {
        var epoch: Int
        var size: Int
        var verified: Bool
    }

    var json: JSONValue {
        .members(
            ("organisation", .text(orNull: organisation)), ("service", .text(orNull: service)), ("engagement", .text(orNull: engagement)),
            ("side", .text(orNull: side)),
            ("log", log.map { ["epoch": .number($0.epoch), "size": .number($0.size), "verified": .bool($0.verified)] } ?? .null),
            ("asOf", asOf?.json))
    }
}

/// The answer of a command, filled once and printed in the form that was asked for.
struct Report {
    /// The items of a list, handed out one by one; the result is what `--after` takes if the list was cut.
    typealias Items = (_ item: (JSONValue) throws -> Void) throws -> String?

    enum Body {
        case item(JSONValue)
        case items(Items)
    }

    /// The name and number of the format, like `conflicts/1`.
    var format: String
    var context: ReportContext?
    var body: Body
    /// The members an item can have, in their order: the columns of `--plain`, and what `--fields` may name.
    var fields: [String]
    /// Whether this tells what a command changed; `--quiet` keeps that to itself.
    var isNotice = false
    /// Whether the human form may go through the pager.
    var isPaged = true
    var human: (inout Page) -> Void

    /// A list that is at hand as a whole.
    static func list(
        _ format: String, _ context: ReportContext?, fields: [String], _ items: [JSONValue], more: String? = nil,
        human: @escaping (inout Page) -> Void
    ) -> Report {
        let body = Body.items { item in
            for value in items { try item(value) }
            return more
        }
        return Report(format: format, context: context, body: body, fields: fields, human: human)
    }

    /// A list whose elements become JSON one by one, as they are printed: what is read first is out before the last is read.
    static func list<Element>(
        _ format: String, _ context: ReportContext?, fields: [String], of elements: some Sequence<Element>, more: String? = nil,
        form: @escaping (Element) throws -> JSONValue, human: @escaping (inout Page) -> Void
    ) -> Report {
        let body = Body.items { item in
            for element in elements { try item(form(element)) }
            return more
        }
        return Report(format: format, context: context, body: body, fields: fields, human: human)
    }

    /// One thing.
    static func single(
        _ format: String, _ context: ReportContext?, fields: [String], _ item: JSONValue, human: @escaping (inout Page) -> Void
    ) -> Report {
        Report(format: format, context: context, body: .item(item), fields: fields, human: human)
    }

    /// What a writing command changed: `item` with the `change` it made.
    static func change(
        _ format: String, _ context: ReportContext?, fields: [String], _ item: JSONValue, human: @escaping (inout Page) -> Void
    ) -> Report {
        Report(format: format, context: context, body: .item(item), fields: fields, isNotice: true, isPaged: false, human: human)
    }
}
