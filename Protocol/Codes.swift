/// What a server or a plan answers when it does not accept (PROTOCOL.md section 8).
package enum Code: String, CaseIterable, Sendable, Hashable {
    case unavailable, busy, rateLimited = "rate_limited", recovering, noSession = "no_session"
    case baseMismatch = "base_mismatch", epochChanged = "epoch_changed", behindYou = "behind_you", tooManyHeads = "too_many_heads"
    case unknownPredecessor = "unknown_pred", unknownRecord = "unknown_record", schemaUnknown = "schema_unknown", quota
    case malformed, badSignature = "bad_signature", cidReused = "cid_reused", notOwner = "not_owner", noRight = "no_right", invalid
    case tooLarge = "too_large"
    case notFound = "not_found"

    /// What a client does with the change or request that met this code.
    package enum Class: String, Sendable { case retry, repull = "re-pull", wait, refuse, hide }

    package var answerClass: Class {
        switch self {
        case .unavailable, .busy, .rateLimited, .recovering, .noSession: .retry
        case .baseMismatch, .epochChanged, .behindYou, .tooManyHeads: .repull
        case .unknownPredecessor, .unknownRecord, .schemaUnknown, .quota: .wait
        case .malformed, .badSignature, .cidReused, .notOwner, .noRight, .invalid, .tooLarge: .refuse
        case .notFound: .hide
        }
    }

    /// The HTTP status that goes with the code; clients decide by the code alone.
    package var httpStatus: Int {
        switch self {
        case .unavailable, .busy, .recovering: 503
        case .rateLimited: 429
        case .noSession: 401
        case .notFound: 404
        case .tooLarge: 413
        case .noRight, .notOwner: 403
        case .baseMismatch, .epochChanged, .behindYou, .tooManyHeads, .unknownPredecessor, .unknownRecord, .cidReused: 409
        case .schemaUnknown, .quota, .malformed, .badSignature, .invalid: 422
        }
    }
}

/// A refusal with the facts that belong to it.
package struct Refusal: Error, Hashable, Sendable {
    package let code: Code
    /// A token such as a field name or `invitation_used`; never a value, never a foreign id.
    package let detail: String?

    package init(_ code: Code, _ detail: String? = nil) {
        self.code = code
        self.detail = detail
    }
}
