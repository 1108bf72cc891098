import Wording

extension ErrorPhrases {
    /// The exit status of this error (commands.md section 8).
    var exit: CommandExit {
        switch self {
        case .unknownCommand, .unknownOption, .missingArgument, .emptyInput, .missingOptionValue, .valueForFlag, .unexpectedArgument,
            .invalidValue, .invalidValueOf, .optionsExclude, .wrongUsage, .unknownShell, .unknownTopic, .unknownField,
            .unknownKind, .ambiguousKind, .unknownSetting, .invalidSetting, .invalidDate, .dateNotInCalendar, .dateInPast,
            .dateOrder, .invalidDuration, .invalidWhere, .answerMissing, .nameDiffers, .declined, .passphraseDiffers,
            .passphraseEmpty, .noStore, .organisationFirst, .storeExists, .noCurrent, .noEngagement, .noService, .needsEngagement,
            .unknownName,
            .ambiguousName, .nothingBefore, .unknownRow, .unknownControl, .ambiguousRow, .unknownID, .ambiguousID,
            .unknownRelease, .noAgreement, .releaseExists, .unknownDevice, .unknownFieldOfKind, .fieldForm, .invalidFieldValue,
            .reasonMissing,
            .tooMany, .editorMissing, .editorFailed, .formMistake, .seenMissing, .noSuchValue, .notConflicting, .lifeSettled, .spanExpected,
            .codeMistyped, .codeTooShort, .codeNoServer, .codeIsDevice, .codeIsInvitation, .codeIsAdmission, .codeIsRecovery,
            .codeIsFingerprint, .codeIsOwn, .codeOtherServer, .codeOtherOrganisation, .codeOfOthers, .nameTaken, .noServer, .plainRefused,
            .caFileInvalid,
            .computedField, .requiredMissing, .kindNotWritable, .recordDeleted, .idNeeded, .severalRows:
            .usage
        case .serverUnreachable, .serverTimedOut, .serverName, .connectionLost, .certificateInvalid, .certificateExpired,
            .certificateNotYet, .certificateOtherName, .certificateUnknownIssuer, .serverOther, .proxyFailed, .proxyAsks, .proxyDenies,
            .proxyForbids, .serverNoTLS, .serverSpeaksTLS, .serverAnswerTooLarge, .serverAnswerBroken, .serverNotBuntan,
            .serverAnswerInvalid,
            .serverBusy, .serverOlder, .serverNewer, .syncPending:
            .network
        case .passphraseWrong, .seenChanged, .codeUsed, .codeUsedUndated, .codeExpired, .codeRevoked, .codeUnknown,
            .codeExpiredUndated, .codeRevokedUnnamed, .admissionWrong, .admissionUsed, .admissionExpired, .admissionNeeded, .recoveryWrong,
            .notEnrolled, .deviceDisowned, .serverKept, .chainOutrun, .publishChanged, .theirField, .ownFieldOnly, .notProvider,
            .noRight, .deviceRevoked, .lastAdmin, .notConfirmed, .rowsNotReady, .notVerifiedYet, .documentChanged,
            .rowsUnsent, .rowsUnreleased, .rowsErased, .rowsUnknown, .recordsUnsettled, .alreadySigned, .agreementNotStanding,
            .agreementNotSent, .signatoryMissing, .nothingToSign, .documentTooLarge, .engagementEnded, .serviceRetired, .releaseUnsettled,
            .draftEmpty, .checkFailed, .undoBlocked, .undoNotOwn, .recordExists, .publicationUnderWay, .nothingPublished,
            .fieldConflicting, .rowsConflicting, .deletedAndEdited, .homeNotArrived, .admittedAlready, .theirRecord, .writtenOnce,
            .changedMeanwhile, .formKept,
            .serviceExists, .inviteUsed, .releaseWithdrawnAlready, .deviceRevokedAlready, .deviceEnrolledAlready, .nothingToTake,
            .theirsUnsettled, .notShared, .undoPublished, .undoSigned:
            .refused
        case .codeFingerprintDiffers, .historyContradicts, .historyDenied, .pageDoesNotVerify, .checkpointInvalid, .storeDamaged,
            .storeUnreadable,
            .backupDamaged,
            .evidenceInvalid, .bundleInvalid, .spaceFrozen:
            .unverified
        case .textEncoding, .fileNotStore, .fileMissing, .fileUnreadable, .fileNotRecognised, .fileNoOutbox, .fileDamaged, .fileTooLarge,
            .fileHostile,
            .fileEncoding, .fileNoRows, .fileNoHeader, .fileNoHeaderLine, .outboxOtherOrganisation, .fileCell, .mappingMissing,
            .mappingInvalid, .fileSeveralMatrices,
            .fileSheetMissing,
            .fileServiceMissing, .fileColumnsMissing, .fileFrameworkUnknown, .importRefused:
            .inputFile
        case .passphraseFileUnreadable, .diskFull, .noPermission, .cannotWrite, .cannotReadMachine, .fileExists, .storeInUse,
            .storeInUseUnnamed, .storeNewer, .storeNotOurs, .keysMissing, .keysDamaged, .keysForeign, .keysOpenToOthers, .settingsDamaged,
            .unexpected, .unexpectedUnlogged:
            .machine
        case .interrupted, .interruptedNothing:
            .interrupted
        }
    }

    /// The stable code of this error, in kebab-case.
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
