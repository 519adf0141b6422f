package com.example.before;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisHttpSession;

/** Spring Session as its guide sets it up, in the Redis of the variable SPRING_REDIS_PORT. */
@Configuration
@EnableRedisHttpSession
public class SessionConfiguration {

  @Bean
  public LettuceConnectionFactory connectionFactory() {
    return new LettuceConnectionFactory(
        "127.0.0.1", Integer.parseInt(System.getenv("SPRING_REDIS_PORT")));
  }
}
