package dev.corvid.seeder.error;

import dev.corvid.wire.Reason;

/**
 * What a source sent met a defect or a limit of the seeder itself. Another URL may send what does
 * not.
 */
public final class DefectException extends SourceException {
  public DefectException(Throwable cause) {
    super(Reason.SeederFailed, "a defect in the seeder: " + cause, cause);
  }
}
