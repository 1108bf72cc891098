/// The sentences of one topic.
///
/// An entry without its phrase does not compile, since `phrase` switches over all of them; a phrase without
/// one of its languages fails the test that walks through `Wording.tables`.
package protocol PhraseTable: CaseIterable, RawRepresentable, Hashable, Sendable where RawValue == String {
    /// The beginning of every key of this table.
    static var section: String { get }
    var phrase: Phrase { get }
}

extension PhraseTable {
    /// The name of this entry among all tables.
    package var key: String { Self.section + "." + rawValue }

    /// Returns the sentence in one language, filled with its facts.
    package func text(in language: Language, _ facts: Facts = [:]) -> String { phrase.text(in: language, facts) }

    /// The sentence in the language of the command that runs.
    package var spoken: String { phrase.text(in: Language.spoken) }
}

/// All tables, for the tests that read every sentence.
package enum AllPhrases {
    package static let tables: [any PhraseTable.Type] = [
        AgreementPhrases.self, AnswerPhrases.self, ApplicabilityPhrases.self, AuditorPhrases.self, BundlePhrases.self,
        CataloguePhrases.self, ChainPhrases.self, CommandPhrases.self,
        ConflictPhrases.self,
        DoctorPhrases.self,
        EngagementPhrases.self,
        CodeErrorPhrases.self, ErrorPhrases.self, ExportErrorPhrases.self, ExportPhrases.self, GapPhrases.self, HelpPhrases.self,
        HelpTopics.self,
        ImportPhrases.self, InputErrorPhrases.self,
        MachineErrorPhrases.self, NetworkErrorPhrases.self, OptionPhrases.self,
        PromptPhrases.self, ProviderPhrases.self, ReconcilePhrases.self, RecordErrorPhrases.self, RecordPhrases.self,
        RefusalPhrases.self, ReportPhrases.self, ReviewLinePhrases.self, ReviewPhrases.self, RowPhrases.self, RulePhrases.self,
        ServerConfigPhrases.self,
        ServerHelpPhrases.self, ServerPhrases.self, StartPhrases.self, StatusPhrases.self, SyncPhrases.self,
        TermPhrases.self, TimePhrases.self, VerifyPhrases.self,
    ]
}
