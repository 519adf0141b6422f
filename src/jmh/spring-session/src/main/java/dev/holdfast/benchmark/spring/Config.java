package dev.holdfast.benchmark.spring;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisHttpSession;

/** Spring Session with its defaults: Lettuce, Java serialization, what changed is saved. */
@Configuration
@EnableRedisHttpSession
public class Config {
  /** The Redis of the benchmark. */
  @Bean
  public LettuceConnectionFactory redis() {
    return new LettuceConnectionFactory("127.0.0.1", Integer.getInteger("benchmark.redis.port"));
  }
}
