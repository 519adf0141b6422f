package dev.holdfast.redis.client;

import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import java.util.Collection;

/**
 * Writes commands without logging them. Lettuce's own encoder logs every packet at its finest
 * level, with the password of an AUTH.
 */
final class QuietEncoder extends MessageToByteEncoder<Object> {
  /** Takes what Lettuce hands down: one command or a packet of them. */
  QuietEncoder() {
    super(Object.class);
  }

  @Override
  public boolean acceptOutboundMessage(Object message) {
    return message instanceof RedisCommand || message instanceof Collection;
  }

  @Override
  protected void encode(ChannelHandlerContext context, Object message, ByteBuf out) {
    if (message instanceof Collection<?> packet) {
      packet.forEach(command -> encode((RedisCommand<?, ?, ?>) command, out));
    } else {
      encode((RedisCommand<?, ?, ?>) message, out);
    }
  }

  /** A command that cannot be written must leave nothing behind, or all replies are out of step. */
  private static void encode(RedisCommand<?, ?, ?> command, ByteBuf out) {
    int start = out.writerIndex();
    try {
      command.encode(out);
    } catch (RuntimeException e) {
      out.writerIndex(start);
      command.completeExceptionally(e);
    }
  }
}
