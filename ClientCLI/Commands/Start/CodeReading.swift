import Storage
import Syncing
import StorageSQLite
import BuntanProtocol
import ChangeLog
import Wording

/// Reads what was handed over, and tells codes for different ends apart.
enum CodeReading {
    /// The code, or the failure that says what the text is instead.
    static func code(_ text: String) throws -> HandedCode {
        do {
            return try HandedCode(reading: text)
        } catch {
            if isRecovery(text) { throw CommandFailure(.codeIsRecovery) }
            if let bytes = Base32.bytes(text), bytes.count == 16 { throw CommandFailure(.codeIsFingerprint) }
            if isInvitationWithoutServer(text) { throw CommandFailure(.codeNoServer) }
            throw CommandFailure(.codeMistyped)
        }
    }

    /// The failure for a code that belongs to another command.
    static func misplaced(_ code: HandedCode) -> CommandFailure {
        switch code {
        case .invitation: CommandFailure(.codeIsInvitation, next: "buntan join CODE")
        case .deviceRequest: CommandFailure(.codeIsDevice, next: "buntan device add CODE")
        case .organisation: CommandFailure(.codeIsFingerprint)
        case .admission: CommandFailure(.codeIsAdmission, next: "buntan init --org NAME --server URL --admission CODE")
        }
    }

    /// The failure for a text that was taken for a recovery code: what it is instead, or that it is mistyped.
    static func noRecovery(_ text: String) -> any Error {
        do { return misplaced(try code(text)) } catch { return error }
    }

    static func admission(_ text: String) throws -> Nonce {
        let code = try code(text)
        guard case .admission(let nonce) = code else { throw misplaced(code) }
        return nonce
    }

    /// An organisation by its fingerprint, with or without its server.
    static func organisation(_ text: String) throws -> OrganisationID {
        let letters = text.split(separator: "@", maxSplits: 1).first.map(String.init) ?? ""
        if let bytes = Base32.bytes(letters), let organisation = OrganisationID(bytes) { return organisation }
        throw misplaced(try code(text))
    }

    private static func isRecovery(_ text: String) -> Bool {
        do {
            _ = try RecoveryCode(reading: text)
            return true
        } catch { return false }
    }

    private static func isInvitationWithoutServer(_ text: String) -> Bool {
        guard !text.contains("@"), let bytes = Base32.bytes(text), bytes.count == 34 else { return false }
        return Array(bytes.suffix(2)) == Array(Purpose.hash("code", Array(bytes.dropLast(2))).bytes.prefix(2))
    }
}
