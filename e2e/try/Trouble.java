/** What went wrong, in a line for the user. */
final class Trouble extends Exception {
  private static final long serialVersionUID = 1L;

  Trouble(String message) {
    super(message);
  }
}
