package dev.corvid.e2e.bench.swarm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A network device whose other end is this process: what the kernel sends there is read here,
 * packet by packet. Linux, {@code Documentation/networking/tuntap.rst}. One thread may read while
 * another writes.
 */
final class Tun {
  private static final int READ_WRITE = 2;
  private static final long TUNSETIFF = 0x400454ca;
  private static final short IFF_TUN_NO_PI = 0x1001;
  private static final int NAME_BYTES = 16;
  private static final int REQUEST_BYTES = 40;
  private static final int LARGEST = 1 << 16;

  private static final MethodHandle OPEN =
      function("open", 2, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle IOCTL =
      function(
          "ioctl",
          2,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_LONG,
          ValueLayout.ADDRESS);
  private static final MethodHandle READ = transfer("read");
  private static final MethodHandle WRITE = transfer("write");

  private final int descriptor;
  private final MemorySegment incoming = Arena.global().allocate(LARGEST);
  private final MemorySegment outgoing = Arena.global().allocate(LARGEST);

  private Tun(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Makes the device; it is gone when this process is. */
  static Tun open(String name) throws IOException {
    try (var arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), READ_WRITE);
      var request = arena.allocate(REQUEST_BYTES);
      request.setString(0, name);
      request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, IFF_TUN_NO_PI);
      if (descriptor < 0 || (int) IOCTL.invokeExact(descriptor, TUNSETIFF, request) < 0) {
        throw new IOException("cannot make a TUN device: is there a /dev/net/tun, is this root?");
      }
      return new Tun(descriptor);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** Waits for the next packet. */
  byte[] read() throws IOException {
    try {
      long count = (long) READ.invokeExact(descriptor, incoming, (long) LARGEST);
      if (count < 0) {
        throw new IOException("the TUN device is gone");
      }
      return incoming.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** A packet that the kernel refuses is lost, as on any way. */
  void write(byte[] packet) throws IOException {
    try {
      MemorySegment.copy(packet, 0, outgoing, ValueLayout.JAVA_BYTE, 0, packet.length);
      var _ = (long) WRITE.invokeExact(descriptor, outgoing, (long) packet.length);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static IOException failure(Throwable e) {
    return e instanceof IOException io ? io : new IOException(e);
  }

  private static MethodHandle transfer(String name) {
    return function(
        name,
        3,
        ValueLayout.JAVA_LONG,
        ValueLayout.JAVA_INT,
        ValueLayout.ADDRESS,
        ValueLayout.JAVA_LONG);
  }

  /**
   * @param fixed arguments before those that C calls variadic
   */
  private static MethodHandle function(
      String name, int fixed, ValueLayout result, ValueLayout... arguments) {
    var linker = Linker.nativeLinker();
    var address = linker.defaultLookup().findOrThrow(name);
    var descriptor = FunctionDescriptor.of(result, arguments);
    return fixed < arguments.length
        ? linker.downcallHandle(address, descriptor, Linker.Option.firstVariadicArg(fixed))
        : linker.downcallHandle(address, descriptor);
  }
}
