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
 * say so; where {@value ApiServer#VARIABLE} names it, it must be there, and {@code none} skips
 * them.
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
            "no kube-apiserver: run e2e/kubernetes/build.sh once, or set "
                + ApiServer.VARIABLE
                + ", and not to none");
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

  /** Closed by JUnit at the end of the run. */
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
