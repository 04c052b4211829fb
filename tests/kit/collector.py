"""A receiver of OTLP over gRPC: the official services, and what they were sent."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
from opentelemetry.proto.collector.metrics.v1 import (
    metrics_service_pb2,
    metrics_service_pb2_grpc,
)
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc


class Collector:
    """Keeps every span and metric that arrives, with the resource that sent it."""

    def __init__(self):
        self.address = ""
        self.spans = []
        self.metrics = []
        self.raw = []

    def services(self):
        """The names of the services that have sent spans."""
        return {service for service, _ in self.spans}


def service_of(resource):
    """The name of the service of an OTLP resource."""
    return next(a.value.string_value for a in resource.attributes if a.key == "service.name")


@contextmanager
def run_collector():
    """Listen on a free port of this machine."""
    collector = Collector()

    class Traces(trace_service_pb2_grpc.TraceServiceServicer):
        def Export(self, request, context):  # noqa: N802 - OTLP's own name
            collector.raw.append(request.SerializeToString())
            for each in request.resource_spans:
                service = service_of(each.resource)
                collector.spans += [(service, s) for scope in each.scope_spans for s in scope.spans]
            return trace_service_pb2.ExportTraceServiceResponse()

    class Metrics(metrics_service_pb2_grpc.MetricsServiceServicer):
        def Export(self, request, context):  # noqa: N802 - OTLP's own name
            collector.raw.append(request.SerializeToString())
            for each in request.resource_metrics:
                service = service_of(each.resource)
                found = [m for scope in each.scope_metrics for m in scope.metrics]
                collector.metrics += [(service, metric) for metric in found]
            return metrics_service_pb2.ExportMetricsServiceResponse()

    server = grpc.server(ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Traces(), server)
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(Metrics(), server)
    collector.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield collector
    finally:
        server.stop(1).wait()
