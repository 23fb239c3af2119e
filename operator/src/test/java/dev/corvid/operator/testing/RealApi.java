package dev.corvid.operator.testing;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real API server for all test classes of a run. Without its binary the tests are skipped, and
 * say so; where {@value ApiServer#VARIABLE} is set, it must be there.
 */
public final class RealApi implements ExecutionCondition, BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace SPACE =
      ExtensionContext.Namespace.create(RealApi.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<Path> binary = ApiServer.binary();
    return binary.isPresent()
        ? ConditionEvaluationResult.enabled("with " + binary.get())
        : ConditionEvaluationResult.disabled(
            "no kube-apiserver on this machine: run e2e/kubernetes/build.sh once, or set "
                + ApiServer.VARIABLE);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    server(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ApiServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }

  /** One for each fork, closed by JUnit at its end. */
  private static ApiServer server(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, SPACE)
        .computeIfAbsent(ApiServer.class, type -> start(), ApiServer.class);
  }

  private static ApiServer start() {
    try {
      return ApiServer.start(ApiServer.binary().orElseThrow());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
