import Wording

extension ErrorPhrases {
    /// The exit status of this error (commands.md section 8).
    var exit: CommandExit {
        switch self {
        case .unknownCommand, .unknownOption, .missingArgument, .emptyInput, .missingOptionValue, .valueForFlag, .unexpectedArgument,
            .invalidValue, .invalidValueOf, .optionsExclude, .noMapping, .wrongUsage, .unknownShell, .unknownTopic, .unknownField,
            .unknownKind, .ambiguousKind, .unknownSetting, .invalidSetting, .invalidDate, .dateNotInCalendar, .dateInPast, .dateTooLate,
            .unknownAuditor,
            .dateOrder, .invalidDuration, .invalidWhere, .answersByKey, .noStatement, .severalStatements,
            .answerMissing, .nameDiffers, .declined, .passphraseDiffers,
            .passphraseEmpty, .noStore, .organisationFirst, .storeExists, .noCurrent, .noEngagement, .noService, .needsEngagement,
            .unknownName,
            .ambiguousName, .nameInPart, .nothingBefore, .nothingThen, .unknownRow, .unknownControl, .unknownRule, .ambiguousRow,
            .unknownID,
            .ambiguousID,
            .unknownRelease, .noAgreement, .releaseUnsigned, .releaseExists, .unknownDevice,
            .reasonMissing,
            .tooMany, .editorMissing, .editorFailed, .seenMissing, .noSuchValue, .notConflicting, .lifeSettled, .spanExpected,
            .nameTaken, .noServer, .plainRefused,
            .caFileInvalid, .caFileUnreadable, .invalidSet,
            .idNeeded, .severalRows:
            .usage
        case .passphraseWrong, .seenChanged,
            .notEnrolled, .deviceDisowned, .serverKept, .chainOutrun, .publishChanged, .theirField, .ownFieldOnly, .notProvider,
            .noRight, .deviceRevoked, .lastAdmin, .keyNotGiven, .unsentUnderLostKeys, .notConfirmed, .rowsNotReady, .offerOutgrown,
            .rulesViolated, .rowsIncomplete,
            .notVerifiedYet,
            .documentChanged,
            .rowsUnsent, .rowsUnreleased, .rowsErased, .rowsUnknown, .recordsUnsettled, .alreadySigned, .agreementNotStanding,
            .agreementNotSent, .agreementErased, .agreementEndsEarlier, .signatoryMissing, .nothingToSign, .nothingToAttach,
            .documentTooLarge,
            .evidenceTooLarge,
            .engagementEnded,
            .serviceClosed,
            .serviceRetired, .releaseUnsettled, .successorNotEngaged, .successorUnconfirmed, .handoverNone,
            .statementStands, .statementApproved,
            .draftEmpty, .nothingPublished,
            .homeNotArrived, .admittedAlready,
            .serviceExists, .joinedAlready, .inviteUsed, .releaseWithdrawnAlready, .deviceRevokedAlready, .chainOutspoken, .deviceOutspoken,
            .deviceEnrolledAlready,
            .nothingToTake, .auditorReads, .auditorIsParty, .auditorOfTheirs,
            .theirsUnsettled, .notShared:
            .refused
        case .pageDoesNotVerify, .storeDamaged,
            .storeUnreadable,
            .backupDamaged,
            .evidenceInvalid, .bundleInvalid, .spaceFrozen:
            .unverified
        case .interrupted, .interruptedNothing:
            .interrupted
        }
    }
}

extension ExportErrorPhrases {
    /// The exit status of this error: a name that there is not is a slip, what may not or cannot be written is refused.
    var exit: CommandExit {
        switch self {
        case .unknownFramework, .unknownBaseline: .usage
        case .noRowsToExport, .noRowsOfFormat, .cellTooLong, .ownRecordOnly, .keptIncomplete: .refused
        }
    }
}

extension RecordErrorPhrases {
    /// The exit status of this error: what cannot be meant is a slip, what may not be written is refused.
    var exit: CommandExit {
        switch self {
        case .unknownFieldOfKind, .invalidFieldValue, .fieldForm, .computedField, .requiredMissing, .kindNotWritable, .recordDeleted,
            .sharedAtBeginning, .otherKind, .otherRisk, .formMistake, .unknownItem:
            .usage
        case .fieldConflicting, .theirRecord, .writtenOnce, .changedMeanwhile, .formKept, .rowsConflicting, .deletedAndEdited,
            .undoBlocked, .undoChoice, .undoNotOwn, .undoPublished, .undoWithdrawn, .undoSigned, .undoHandover, .undoErased, .eraseKeyField,
            .eraseNothing, .eraseWaiting, .eraseNotTaken:
            .refused
        }
    }
}

extension CodeErrorPhrases {
    /// The exit status of this error: a code that cannot be meant is a slip, one that is over is refused.
    var exit: CommandExit {
        switch self {
        case .codeMistyped, .codeNoServer, .codeIsDevice, .codeIsInvitation, .codeIsAdmission, .codeIsRecovery, .codeIsFingerprint,
            .codeIsOwn, .codeOtherServer, .codeOtherOrganisation, .codeOfOthers:
            .usage
        case .codeUsedUndated, .codeExpired, .codeRevoked, .codeUnknown, .codeExpiredUndated, .codeRevokedUnnamed, .admissionWrong,
            .admissionUsed, .admissionExpired, .admissionNeeded, .recoveryWrong:
            .refused
        case .codeFingerprintDiffers: .unverified
        }
    }
}

extension PhraseTable {
    /// The stable code of an error that is named so, in kebab-case.
    var code: String { rawValue.kebabCase }
}

extension String {
    /// A name in camelCase as its words joined by hyphens: `storeInUse` is `store-in-use`, `unknownID` is `unknown-id`.
    var kebabCase: String {
        var result = ""
        var previousIsUpper = true
        for character in self {
            if character.isUppercase, !previousIsUpper { result += "-" }
            previousIsUpper = character.isUppercase
            result += character.lowercased()
        }
        return result
    }
}
