package dev.holdfast.container;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What the JVM of a server tells of itself: system properties and MBeans. */
final class NodeJvm implements AutoCloseable {

  private final VirtualMachine machine;
  private final JMXConnector connector;
  private final MBeanServerConnection beans;

  NodeJvm(ContainerNode node) throws IOException {
    this(node.pid());
  }

  NodeJvm(long pid) throws IOException {
    try {
      machine = VirtualMachine.attach("" + pid);
    } catch (AttachNotSupportedException e) {
      throw new IOException(e);
    }
    connector = connect(machine.startLocalManagementAgent());
    beans = connector.getMBeanServerConnection();
  }

  @SuppressWarnings("BanJNDI") // the address comes from a process that the test has started
  private static JMXConnector connect(String address) throws IOException {
    return JMXConnectorFactory.connect(new JMXServiceURL(address));
  }

  Properties systemProperties() throws IOException {
    return machine.getSystemProperties();
  }

  Object attribute(String bean, String attribute) throws IOException, JMException {
    return beans.getAttribute(new ObjectName(bean), attribute);
  }

  /** The names of the MBeans that match a pattern. */
  Set<String> names(String pattern) throws IOException, JMException {
    return beans.queryNames(new ObjectName(pattern), null).stream()
        .map(ObjectName::toString)
        .collect(Collectors.toSet());
  }

  /** Every attribute of every MBean that can be read, a line each. */
  String allAttributes() throws IOException, JMException {
    StringBuilder all = new StringBuilder();
    for (ObjectName name : beans.queryNames(null, null)) {
      for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
        all.append(name).append(' ').append(attribute.getName()).append(" = ");
        try {
          Object value = beans.getAttribute(name, attribute.getName());
          String text = Arrays.deepToString(new Object[] {value});
          all.append(text, 1, text.length() - 1);
        } catch (JMException | IOException | RuntimeException e) {
          // Not supported here, or of a class that this JVM does not have.
          all.append('!').append(e);
        }
        all.append('\n');
      }
    }
    return all.toString();
  }

  /**
   * How many objects of the classes of a name are reachable, whoever loaded them; collects garbage
   * first.
   */
  long instances(String className) throws IOException, JMException {
    Object histogram =
        beans.invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "gcClassHistogram",
            new Object[] {new String[0]},
            new String[] {String[].class.getName()});
    return Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +" + Pattern.quote(className) + "( |$)")
        .matcher((String) histogram)
        .results()
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .sum();
  }

  /** Bytes that are in use on the heap when the garbage is gone; {@link #heapPeak} starts there. */
  long heapInUse() throws IOException {
    MemoryMXBean memory = ManagementFactory.getPlatformMXBean(beans, MemoryMXBean.class);
    memory.gc();
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    return memory.getHeapMemoryUsage().getUsed();
  }

  /**
   * The most bytes that have been in use on the heap since {@link #heapInUse}, garbage included.
   */
  long heapPeak() throws IOException {
    return heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private List<MemoryPoolMXBean> heapPools() throws IOException {
    return ManagementFactory.getPlatformMXBeans(beans, MemoryPoolMXBean.class).stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  @Override
  public void close() throws IOException {
    connector.close();
    machine.detach();
  }
}
