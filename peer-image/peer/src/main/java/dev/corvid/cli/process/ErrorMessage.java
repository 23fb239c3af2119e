package dev.corvid.cli.process;

import dev.corvid.bittorrent.metainfo.MetainfoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** One line for what Java tells by the type of an exception alone. */
public final class ErrorMessage {
  private ErrorMessage() {}

  public static String describe(IOException problem) {
    return switch (problem) {
      case NoSuchFileException e -> "there is no file " + e.getFile();
      case AccessDeniedException e -> "no permission for " + e.getFile();
      case FileAlreadyExistsException e -> e.getFile() + " is in the way";
      case NotDirectoryException e -> e.getFile() + " is not a directory";
      case FileSystemException e ->
          e.getReason() == null ? e.toString() : e.getFile() + ": " + e.getReason();
      case MetainfoException e -> e.getMessage();
      default -> Objects.requireNonNullElseGet(problem.getMessage(), problem::toString);
    };
  }
}
