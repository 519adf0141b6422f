package com.example.booking;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.view.InternalResourceViewResolver;
import org.springframework.webflow.config.AbstractFlowConfiguration;
import org.springframework.webflow.definition.registry.FlowDefinitionRegistry;
import org.springframework.webflow.executor.FlowExecutor;
import org.springframework.webflow.mvc.builder.MvcViewFactoryCreator;
import org.springframework.webflow.mvc.servlet.FlowHandlerAdapter;
import org.springframework.webflow.mvc.servlet.FlowHandlerMapping;
import java.util.List;

@Configuration
public class WebFlowConfiguration extends AbstractFlowConfiguration {

  @Bean
  public FlowDefinitionRegistry flowRegistry() {
    return getFlowDefinitionRegistryBuilder(
            getFlowBuilderServicesBuilder().setViewFactoryCreator(viewFactoryCreator()).build())
        .setBasePath("/WEB-INF/flows")
        .addFlowLocationPattern("/**/*-flow.xml")
        .build();
  }

  @Bean
  public FlowExecutor flowExecutor() {
    return getFlowExecutorBuilder(flowRegistry()).setMaxFlowExecutions(5).build();
  }

  @Bean
  public MvcViewFactoryCreator viewFactoryCreator() {
    MvcViewFactoryCreator creator = new MvcViewFactoryCreator();
    creator.setViewResolvers(List.of(new InternalResourceViewResolver("/WEB-INF/flows/booking/", ".jsp")));
    return creator;
  }

  @Bean
  public FlowHandlerMapping flowHandlerMapping() {
    FlowHandlerMapping mapping = new FlowHandlerMapping();
    mapping.setOrder(-1);
    mapping.setFlowRegistry(flowRegistry());
    return mapping;
  }

  @Bean
  public FlowHandlerAdapter flowHandlerAdapter() {
    FlowHandlerAdapter adapter = new FlowHandlerAdapter();
    adapter.setFlowExecutor(flowExecutor());
    adapter.setSaveOutputToFlashScopeOnRedirect(true);
    return adapter;
  }

  @Bean
  public Rates rates() {
    return new Rates();
  }
}
