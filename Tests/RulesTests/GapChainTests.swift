import BuntanProtocol
import Records
import Testing

@testable import Rules

@Suite("How far a gap was followed through")
struct GapChainTests {
    private static func facts(offering rpo: FactValue = "P1D") -> [Fact] {
        [BackupExamples.service(), BackupExamples.requirement([.maxRpo: "PT4H"]), BackupExamples.specification([.rpo: rpo])]
    }

    private static let gap = FactID("gap:requirement/rpo")
    private static let named = fact(.risk, "risk", [.title: "data loss", .gapIds: .ids([gap])])
    private static func pin(_ kind: FactKind, of parent: String, offered: FactValue = "P1D", id: String? = nil) -> Fact {
        fact(kind, id ?? parent + "-pin", [.parent: ref(parent), .gapId: .id(gap), .requiredValue: "PT4H", .offeredValue: offered])
    }
    private static func assessed(level: Int = 12, on day: FactValue = "2026-05-01") -> Fact {
        fact(
            .risk, "risk",
            named.fields.merging([
                .ownerName: "CIO", .consequence: 4, .likelihood: 3, .level: .int(level), .acceptanceLevel: 6, .assessedOn: day,
            ]) { $1 })
    }
    private static let treatment = fact(
        .riskTreatment, "treatment",
        [.riskId: ref("risk"), .option: "modify", .planText: "own copy", .ownerName: "CIO", .dueOn: "2026-12-31"])
    private static func approval(_ fields: FactFields = [:], id: String = "approval") -> Fact {
        fact(
            .riskAcceptance, id,
            ([
                .riskId: ref("risk"), .approvedByOwner: "CIO", .approvedOn: "2026-05-02", .planApproved: true, .residualLevel: 3,
            ] as FactFields).merging(fields) { $1 })
    }
    private static let assessment = pin(.riskAssessedGaps, of: "risk")
    private static let approved = pin(.riskAcceptanceApprovedGaps, of: "approval")

    private static func chain(_ more: Fact..., offering rpo: FactValue = "P1D") throws -> GapChain {
        let gap = try #require(try GapTests.analysis(facts(offering: rpo) + more).gaps.first { $0.field == "rpo" })
        #expect(gap.id == Self.gap)
        return try #require(gap.chain)
    }

    @Test("An acceptance that does not say how much is left approves nothing, and is gone on with")
    func unsaid() throws {
        var fields = Self.approval().fields
        fields[.residualLevel] = nil
        let chain = try Self.chain(
            Self.assessed(), Self.assessment, Self.treatment, fact(.riskAcceptance, "approval", fields), Self.approved)
        #expect(chain.stage == .treated && chain.approval == nil)
        #expect(chain.unfinishedApproval == FactID("approval") && chain.lacking == [.residualLevel])
    }

    @Test("Each step takes it one stage on")
    func stages() throws {
        #expect(try Self.chain().stage == .none)
        let named = try Self.chain(Self.named)
        #expect(named.stage == .named && named.risk == FactID("risk") && named.lacking.contains(.level))
        // An assessment that does not say of what is none of this gap.
        let loose = try Self.chain(Self.assessed())
        #expect(loose.stage == .named && loose.lacking.isEmpty && !loose.isReopened)
        #expect(try Self.chain(Self.assessed(), Self.assessment).stage == .assessed)
        let begun = try Self.chain(Self.assessed(), Self.assessment, fact(.riskTreatment, "t", [.riskId: ref("risk"), .option: "modify"]))
        #expect(begun.stage == .assessed && begun.lacking == [.planText, .ownerName, .dueOn] && begun.treatment == FactID("t"))
        #expect(try Self.chain(Self.assessed(), Self.assessment, Self.treatment).stage == .treated)
        let whole = try Self.chain(Self.assessed(), Self.assessment, Self.treatment, Self.approval(), Self.approved)
        #expect(whole.stage == .approved && whole.approval == FactID("approval") && !whole.isReopened)
    }

    @Test("A measure in place, a risk below what is accepted, and an acceptance treat it as well")
    func treatments() throws {
        let closed = Self.pin(.supplementaryMeasureClosedGaps, of: "m")
        #expect(try Self.chain(Self.measure("2026-01-01"), closed).stage == .treated)
        let planned = try Self.chain(Self.measure("2027-01-01"), closed)
        #expect(planned.stage == .none && planned.unfinishedMeasure == FactID("m") && planned.measure == nil)
        #expect(try Self.chain(Self.measure("2026-01-01"), closed).unfinishedMeasure == nil)
        #expect(try Self.chain(Self.assessed(), Self.assessment, Self.measure("2026-01-01"), closed).stage == .treated)
        #expect(try Self.chain(Self.assessed(level: 6), Self.assessment).stage == .treated)
        #expect(try Self.chain(Self.assessed(level: 7), Self.assessment).stage == .assessed)
        #expect(try Self.chain(Self.assessed(), Self.assessment, Self.approval(), Self.approved).stage == .approved)
    }

    private static func measure(_ day: FactValue) -> Fact {
        fact(.supplementaryMeasure, "m", [.gapIds: .ids([gap]), .inPlaceFrom: day])
    }

    @Test("A measure closes the gap for which it was written; for other values it is open again, until somebody looks at the measure anew")
    func outgrown() throws {
        let measure = Self.measure("2026-01-01")
        let closed = Self.pin(.supplementaryMeasureClosedGaps, of: "m")
        // Like an approval, one that does not say of what closes nothing.
        let loose = try Self.chain(measure)
        #expect(loose.stage == .none && !loose.isReopened && loose.measure == nil && loose.unfinishedMeasure == FactID("m"))
        let worse = try Self.chain(measure, closed, offering: "P2D")
        #expect(worse.stage == .none && worse.isReopened && worse.measure == nil && worse.outgrownMeasure == FactID("m"))
        #expect(worse.earlier == Gap.Values(required: "PT4H", offered: "P1D"))
        let anew = Self.pin(.supplementaryMeasureClosedGaps, of: "m", offered: "P2D", id: "m-pin-2")
        let again = try Self.chain(measure, closed, anew, offering: "P2D")
        #expect(again.stage == .treated && !again.isReopened && again.measure == FactID("m") && again.outgrownMeasure == nil)
        // A risk that is assessed as the gap is now is not treated by it, and opens again by it until what is left is approved.
        let assessment = Self.pin(.riskAssessedGaps, of: "risk", offered: "P2D")
        let assessed = try Self.chain(Self.assessed(), assessment, measure, closed, offering: "P2D")
        #expect(assessed.stage == .assessed && assessed.isReopened)
        let approved = try Self.chain(
            Self.assessed(), assessment, measure, closed, Self.treatment, Self.approval(),
            Self.pin(.riskAcceptanceApprovedGaps, of: "approval", offered: "P2D"), offering: "P2D")
        #expect(approved.stage == .approved && !approved.isReopened)
    }

    @Test(
        "Only the risk's owner approves, after the assessment, with the plan, for as long as it is valid",
        arguments: [
            [FactField.approvedByOwner: FactValue.text("project manager")], [.approvedOn: "2026-04-30"], [.planApproved: false],
            [.validTo: "2026-05-31"],
        ])
    func approvals(_ fields: FactFields) throws {
        let chain = try Self.chain(Self.assessed(), Self.assessment, Self.treatment, Self.approval(fields), Self.approved)
        #expect(chain.stage == .treated && chain.approval == nil)
    }

    private static let unapproved: [(FactFields, [FactField])] = [
        ([.planApproved: false], [.planApproved]), ([.approvedOn: "2027-01-01"], [.approvedOn]),
        ([.approvedOn: "2026-06-03", .approvedByOwner: "project manager"], [.approvedByOwner, .approvedOn]),
        ([.approvedByOwner: ""], [.approvedByOwner]), ([.planApproved: false, .validTo: "2026-05-31"], []),
        ([.approvedByOwner: "project manager"], []), ([.approvedOn: "2026-04-30"], []),
    ]

    @Test("An acceptance that lacks its approval is gone on with; one that was given by somebody else is history", arguments: unapproved)
    func unfinished(_ fields: FactFields, _ lacking: [FactField]) throws {
        let chain = try Self.chain(Self.assessed(), Self.assessment, Self.treatment, Self.approval(fields), Self.approved)
        #expect(chain.stage == .treated && chain.approval == nil && chain.lacking == lacking)
        #expect(chain.unfinishedApproval == (lacking.isEmpty ? nil : FactID("approval")))
        // Before a treatment is planned it is a way already.
        let early = try Self.chain(Self.assessed(), Self.assessment, Self.approval(fields), Self.approved)
        #expect(early.stage == .assessed && early.unfinishedApproval == chain.unfinishedApproval)
        // What is approved beside it leaves nothing to go on with.
        let whole = try Self.chain(
            Self.assessed(), Self.assessment, Self.treatment, Self.approval(fields), Self.approved, Self.approval(id: "second"),
            Self.pin(.riskAcceptanceApprovedGaps, of: "second"))
        #expect(whole.stage == .approved && whole.approval == FactID("second") && whole.unfinishedApproval == nil)
    }

    @Test("An acceptance that somebody else gave is named as that, until the owner's own stands beside it")
    func givenByAnother() throws {
        let other = Self.approval([.approvedByOwner: "project manager"])
        let chain = try Self.chain(Self.assessed(), Self.assessment, Self.treatment, other, Self.approved)
        #expect(chain.stage == .treated && chain.strangersApproval == FactID("approval") && chain.unfinishedApproval == nil)
        let whole = try Self.chain(
            Self.assessed(), Self.assessment, Self.treatment, other, Self.approved, Self.approval(id: "second"),
            Self.pin(.riskAcceptanceApprovedGaps, of: "second"))
        #expect(whole.stage == .approved && whole.strangersApproval == nil)
        #expect(try Self.chain(Self.assessed(), Self.assessment, Self.treatment, Self.approval(), Self.approved).strangersApproval == nil)
    }

    @Test("A gap that opened again stays so while the new acceptance is not given")
    func reopenedUntilGiven() throws {
        let old = [Self.approval(), Self.approved]
        let assessed = [Self.assessed(), Self.pin(.riskAssessedGaps, of: "risk", offered: "P2D"), Self.treatment]
        let pin = Self.pin(.riskAcceptanceApprovedGaps, of: "second", offered: "P2D")
        func chain(_ fields: FactFields) throws -> GapChain {
            let facts = Self.facts(offering: "P2D") + old + assessed + [Self.approval(fields, id: "second"), pin]
            return try #require(try GapTests.analysis(facts).gaps.first { $0.field == "rpo" }?.chain)
        }
        let begun = try chain([.planApproved: false])
        #expect(begun.isReopened && begun.stage == .treated && begun.unfinishedApproval == FactID("second"))
        let given = try chain([:])
        #expect(!given.isReopened && given.stage == .approved && given.approval == FactID("second"))
    }

    @Test("An assessment of a day still to come is none")
    func assessedLater() throws {
        let chain = try Self.chain(Self.assessed(on: "2027-05-01"), Self.assessment)
        #expect(chain.stage == .named && chain.lacking == [.assessedOn])
        #expect(try Self.chain(Self.assessed(on: "2026-06-01"), Self.assessment).stage == .assessed)
    }

    @Test("A change of the offer reopens the chain from the assessment on, until it is assessed and approved anew")
    func reopened() throws {
        let before = [Self.assessed(), Self.assessment, Self.treatment, Self.approval(), Self.approved]
        func chain(_ more: [Fact], offering rpo: FactValue) throws -> GapChain {
            try #require(try GapTests.analysis(Self.facts(offering: rpo) + more).gaps.first { $0.field == "rpo" }?.chain)
        }
        // The same offer, however it is published again, is no change.
        let same = try chain(before, offering: "P1D")
        #expect(same.stage == .approved && !same.isReopened)
        let worse = try chain(before, offering: "P2D")
        #expect(worse.stage == .named && worse.isReopened && worse.earlier == Gap.Values(required: "PT4H", offered: "P1D"))
        // A better offer that still falls short is assessed anew as well.
        #expect(try chain(before, offering: "PT5H").isReopened)
        let again =
            before.map { $0.id.text == "risk" ? Self.assessed(on: "2026-05-20") : $0 } + [
                Self.pin(.riskAssessedGaps, of: "risk", offered: "P2D", id: "risk-pin-2")
            ]
        let reassessed = try chain(again, offering: "P2D")
        #expect(reassessed.stage == .treated && reassessed.isReopened && reassessed.approval == nil)
        let second = Self.approval([.approvedOn: "2026-05-21"], id: "second")
        let done = try chain(
            again + [second, Self.pin(.riskAcceptanceApprovedGaps, of: "second", offered: "P2D")], offering: "P2D")
        #expect(done.stage == .approved && !done.isReopened && done.approval == FactID("second"))
    }

    @Test("A change of the requirement reopens it too; a pin of another gap does not count")
    func otherwise() throws {
        let stricter = [
            BackupExamples.service(), BackupExamples.requirement([.maxRpo: "PT1H"]), BackupExamples.specification([.rpo: "P1D"]),
            Self.assessed(), Self.assessment, Self.treatment, Self.approval(), Self.approved,
        ]
        let chain = try #require(try GapTests.analysis(stricter).gaps.first { $0.field == "rpo" }?.chain)
        #expect(chain.isReopened && chain.stage == .named)
        let foreign = fact(
            .riskAssessedGaps, "p",
            [.parent: ref("risk"), .gapId: ref("gap:requirement/rto"), .requiredValue: "PT4H", .offeredValue: "P1D"])
        #expect(try Self.chain(Self.assessed(), foreign).stage == .named)
    }

    @Test("A gap that somebody wrote a record of is followed by that record's name as well")
    func written() throws {
        let record = fact(.gap, "g", [.requirementId: ref("requirement"), .field: "rpo", .riskId: ref("r")])
        let chain = try Self.chain(record, fact(.risk, "r", [.title: "loss"]))
        #expect(chain.stage == .named && chain.risk == FactID("r"))
    }

    @Test("What was written of another service's gap is none of this one")
    func foreign() throws {
        let record = fact(.gap, "g", [.requirementId: ref("requirement"), .field: "rpo", .riskId: ref("r"), .serviceId: ref("other")])
        #expect(try Self.chain(record, fact(.risk, "r", [.title: "loss"])).stage == .none)
    }

    @Test("Whoever only reads follows nothing through")
    func reader() throws {
        let gaps = try GapTests.analysis(Self.facts(), seat: nil).gaps
        #expect(!gaps.isEmpty && gaps.allSatisfy { $0.chain == nil })
    }
}
