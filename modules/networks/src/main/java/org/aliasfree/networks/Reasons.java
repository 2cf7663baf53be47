package org.aliasfree.networks;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What went wrong, in words for a user. */
final class Reasons {
  private Reasons() {}

  /** Why a server could not be reached or broke off. */
  static String ofConnection(IOException e, URI url) {
    String host = url.getHost();
    return switch (e) {
      case HttpConnectTimeoutException _ -> host + " did not accept the connection in time";
      case HttpTimeoutException timeout -> String.valueOf(timeout.getMessage());
      case ConnectException refused ->
          isUnknownHost(refused)
              ? "the name " + host + " is not known here"
              : host + " cannot be reached";
      case SSLException secure ->
          "no secure connection to " + host + " can be made (" + secure.getMessage() + ")";
      default -> "the connection to " + host + " broke (" + message(e) + ")";
    };
  }

  /** Whether there is no such server, as far as is known here. */
  static boolean isUnknownHost(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  /** What a file system refused. */
  static String ofFile(Exception e) {
    return switch (e) {
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case ReadOnlyFileSystemException _ -> "the file system is read-only";
      case FileSystemException named -> named.getFile() + ": " + reason(named);
      default -> message(e);
    };
  }

  private static String reason(FileSystemException e) {
    String reason = e.getReason();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** {@code 20 s}, {@code 0.5 s}. */
  static String seconds(Duration time) {
    double seconds = time.toMillis() / 1e3;
    return seconds == Math.rint(seconds)
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%.1f s", seconds);
  }

  /** {@code 17 bytes}, {@code 12.3 MB}; a megabyte has 10⁶ bytes. */
  static String bytes(long count) {
    return count < 100_000 ? count + " bytes" : String.format(Locale.ROOT, "%.1f MB", count / 1e6);
  }
}
