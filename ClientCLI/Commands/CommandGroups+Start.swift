import ArgumentParser

extension Buntan {
    static let start: [any ParsableCommand.Type] = [
        InitCommand.self, JoinCommand.self, ConfirmCommand.self, UseCommand.self, OrgCommand.self, DevicesCommand.self,
        DeviceCommand.self, ConfigCommand.self, KeyCommand.self, StoreCommand.self, DoctorCommand.self, HelpCommand.self,
        CompletionCommand.self, CompleteCommand.self,
    ]
    static let proof: [any ParsableCommand.Type] = [
        AgreeCommand.self, AgreementsCommand.self, AgreementCommand.self, ExportCommand.self, VerifyCommand.self, ReportCommand.self,
        DiffCommand.self, ReconcileCommand.self,
    ]
    static let exchange: [any ParsableCommand.Type] = [SyncCommand.self, WatchCommand.self, OutboxCommand.self, BundleCommand.self]
}
