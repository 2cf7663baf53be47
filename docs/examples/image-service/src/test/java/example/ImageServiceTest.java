package example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.aliasfree.guice.AliasFreeSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ImageServiceTest {
  private static final int CLIENTS = 32;
  private static final int SEEDS = 16;

  private static ImageService service;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    service = new ImageService(0, AliasFreeSettings.fromSystemProperties());
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    service.close();
  }

  private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + service.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
  }

  @Test
  void everyOneOfManyClientsGetsTheImageOfItsSeed() throws Exception {
    List<byte[]> expected = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      expected.add(get("/image?seed=" + seed + "&psi=0.7").body());
    }
    int requests = Integer.getInteger("service.requests", 320);
    long start = System.nanoTime();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        int seed = i * 7 % SEEDS;
        all.add(
            clients.submit(
                () -> {
                  HttpResponse<byte[]> response = get("/image?seed=" + seed + "&psi=0.7");
                  assertEquals(200, response.statusCode());
                  assertArrayEquals(expected.get(seed), response.body());
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%d requests, %.1f images/s%n", requests, requests / seconds);
  }

  @Test
  void mistakesAreAnsweredWithTheRemedy() throws Exception {
    for (String query : List.of("", "?seed=x", "?seed=-1", "?seed=4294967296", "?seed=1&psi=y")) {
      HttpResponse<byte[]> response = get("/image" + query);
      assertEquals(400, response.statusCode(), query);
      assertTrue(new String(response.body()).contains("/image?seed=2"), query);
    }
    assertEquals(404, get("/images").statusCode());
  }
}
