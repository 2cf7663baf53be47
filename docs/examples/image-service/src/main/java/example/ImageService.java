package example;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import java.net.InetSocketAddress;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.guice.AliasFreeModule;
import org.aliasfree.guice.AliasFreeResources;
import org.aliasfree.guice.AliasFreeSettings;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;

/**
 * A web service that makes images with the network that comes in a jar, or another one. What
 * computes, and with which network, is chosen when it starts: {@code -Daliasfree.backend=cpu-vector
 * -Daliasfree.network=/data/network.pkl}.
 */
public final class ImageService implements AutoCloseable {
  private final AliasFreeResources resources;
  private final Server server;

  /**
   * Starts serving.
   *
   * @param port where to listen; 0 for any that is free
   */
  public ImageService(int port, AliasFreeSettings settings) throws Exception {
    Injector injector = Guice.createInjector(new AliasFreeModule(settings));
    resources = injector.getInstance(AliasFreeResources.class);
    server = new Server(new InetSocketAddress("127.0.0.1", port));
    try {
      server.setHandler(injector.getInstance(ImageHandler.class));
      server.start();
    } catch (Exception e) {
      resources.close();
      throw e;
    }
    System.Logger log = System.getLogger(ImageService.class.getName());
    log.log(
        System.Logger.Level.INFO,
        "http://127.0.0.1:{0,number,#}/image?seed=2 by {1}",
        port(),
        injector.getInstance(Backend.class).id());
  }

  /** Where it listens. */
  public int port() {
    return ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
  }

  /** Ends the server first, then what the images were made with. */
  @Override
  public void close() throws Exception {
    try {
      server.stop();
    } finally {
      resources.close();
    }
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port, 8080 if there is none
   */
  public static void main(String[] args) throws Exception {
    int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
    ImageService service;
    try {
      service = new ImageService(port, AliasFreeSettings.fromSystemProperties());
    } catch (AliasFreeException | ProvisionException e) {
      // Guice wraps what fails while it injects; its own message is long, and not for users.
      Throwable reason = e.getCause() instanceof AliasFreeException cause ? cause : e;
      System.err.println("image-service: " + reason.getMessage());
      System.exit(1);
      return;
    }
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    service.close();
                  } catch (Exception e) {
                    e.printStackTrace();
                  }
                }));
  }
}
