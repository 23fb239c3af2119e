package dev.corvid.seeder;

import dev.corvid.wire.Reason;

/**
 * What a source sent met a defect or a limit of the seeder itself. Another URL may send what does
 * not.
 */
final class DefectException extends SourceException {
  DefectException(Throwable cause) {
    super(Reason.SeederFailed, "a defect in the seeder: " + cause, cause);
  }
}
