package org.aliasfree.data.tool;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.PickleReader;
import org.aliasfree.checkpoint.PickleValue;
import org.aliasfree.data.RasterImage;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/**
 * CIFAR-10: {@value #FILE} with five pickles of RGB pictures of 32×32 and their labels. Nothing in
 * the pickles is run.
 */
final class CifarSource implements ImageSource {
  static final String FILE = "cifar-10-python.tar.gz";

  private static final String MEMBER = "cifar-10-batches-py/data_batch_";
  private static final int BATCHES = 5;
  private static final int SIZE = 32;
  private static final int PLANE = SIZE * SIZE;
  private static final int CLASSES = 10;
  private static final long LARGEST_BATCH = 1L << 26;

  /** One picture: where its red plane begins. */
  private record Place(String batch, int index, HostTensor data, String label) {}

  private final Path path;
  private final List<Place> places;

  private CifarSource(Path path, List<Place> places) {
    this.path = path;
    this.places = places;
  }

  static CifarSource open(Path path) {
    Set<String> members = new LinkedHashSet<>();
    for (int i = 1; i <= BATCHES; i++) {
      members.add(MEMBER + i);
    }
    Map<String, byte[]> pickles = TarFile.read(path, members, LARGEST_BATCH);
    List<Place> places = new ArrayList<>();
    for (String member : members) {
      byte[] pickle = pickles.get(member);
      if (pickle == null) {
        throw new AliasFreeException(path + " is not complete: it has no " + member + ".");
      }
      add(path.resolve(member), member, pickle, places);
    }
    return new CifarSource(path, places);
  }

  private static void add(Path where, String member, byte[] pickle, List<Place> places) {
    PickleValue batch = PickleReader.read(MemorySegment.ofArray(pickle), where);
    if (!(batch instanceof PickleValue.Dict dict)
        || !(dict.get("data") instanceof PickleValue.NumpyArray array)
        || !(dict.get("labels") instanceof PickleValue.Sequence labels)) {
      throw new AliasFreeException(where + " does not hold \"data\" and \"labels\" of pictures.");
    }
    int count = labels.items().size();
    if (array.type().dtype() != DType.U8
        || !array.type().shape().equals(Shape.of(count, 3L * PLANE))) {
      throw new AliasFreeException(
          where
              + " has "
              + count
              + " labels, but its data is "
              + array.type()
              + " instead of u8["
              + count
              + ", 3072].");
    }
    HostTensor data = array.toHostTensor();
    for (int i = 0; i < count; i++) {
      places.add(new Place(member, i, data, label(labels.items().get(i), where)));
    }
  }

  private static String label(PickleValue value, Path where) {
    if (value instanceof PickleValue.Int(long label) && label >= 0 && label < CLASSES) {
      return Long.toString(label);
    }
    throw new AliasFreeException(where + " has labels other than 0 to 9.");
  }

  @Override
  public int size() {
    return places.size();
  }

  @Override
  public String name(int index) {
    Place place = places.get(index);
    return path + "/" + place.batch + "[" + place.index + "]";
  }

  @Override
  public RasterImage image(int index) {
    Place place = places.get(index);
    byte[] samples = new byte[3 * PLANE];
    long from = 3L * PLANE * place.index;
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < PLANE; i++) {
        samples[3 * i + c] =
            place.data.data().get(ValueLayout.JAVA_BYTE, from + (long) c * PLANE + i);
      }
    }
    return new RasterImage(SIZE, SIZE, 3, samples);
  }

  @Override
  public String label(int index) {
    return places.get(index).label;
  }

  @Override
  public String fingerprint() {
    return SourceFiles.fingerprint(path);
  }

  @Override
  public void close() {}
}
