package example;

import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import org.aliasfree.data.PngWriter;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.aliasfree.tensor.HostTensor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * Answers {@code GET /image?seed=2&psi=0.7} with a PNG. Any number of requests come in at once: the
 * image generator lends each a run, and lets the rest wait.
 */
final class ImageHandler extends Handler.Abstract {
  private static final long LARGEST_SEED = 0xffff_ffffL;

  private final ImageGenerator generator;

  @Inject
  ImageHandler(ImageGenerator generator) {
    this.generator = generator;
  }

  /** The picture of a seed, as the bytes of a PNG. */
  byte[] png(long seed, double psi) {
    GenerationRequest request = GenerationRequest.defaults().withTruncationPsi(psi);
    HostTensor image = generator.generate(generator.latents(seed), request).image();
    return PngWriter.bytes(Pixels.of(image.row(0)));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!Request.getPathInContext(request).equals("/image")) {
      return false; // Jetty answers 404
    }
    if (!request.getMethod().equals("GET")) {
      fail(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "Only GET is understood.");
      return true;
    }
    Fields query = Request.extractQueryParameters(request);
    long seed;
    double psi;
    try {
      seed = Long.parseLong(String.valueOf(query.getValue("seed")));
      psi = query.getValue("psi") == null ? 1 : Double.parseDouble(query.getValue("psi"));
    } catch (NumberFormatException e) {
      seed = -1;
      psi = 1;
    }
    if (seed < 0 || seed > LARGEST_SEED || !Double.isFinite(psi)) {
      fail(
          response,
          callback,
          HttpStatus.BAD_REQUEST_400,
          "Give a seed from 0 to 4294967295 and, if you like, psi: /image?seed=2&psi=0.7");
      return true;
    }
    byte[] png = png(seed, psi);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "image/png");
    response.write(true, ByteBuffer.wrap(png), callback);
    return true;
  }

  private static void fail(Response response, Callback callback, int status, String message) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    Content.Sink.write(response, true, message + "\n", callback);
  }
}
