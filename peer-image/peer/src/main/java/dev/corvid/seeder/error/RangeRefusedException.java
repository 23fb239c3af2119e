package dev.corvid.seeder.error;

/**
 * The source refuses a request for a range, and perhaps only that: some servers, and firewalls
 * before them, know no ranges: they answer 400, 403 or 500, or hang up each time.
 */
public final class RangeRefusedException extends RangeUnavailableException {
  public RangeRefusedException(SourceException cause) {
    super(cause);
  }
}
